// What readers of all events may see while writers are on their way. The model in tests/model is the other half.
#include "subject.hpp"

#include <event_sourcing/append_error.hpp>
#include <event_sourcing/error.hpp>

#include <gtest/gtest.h>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using Aggregates = std::vector<std::string>;

/// Checks each way of writing in an open transaction against each way in which another may come by.
class HorizonOfTwoWays : public testing::Test {
protected:
    template <class Check>
    void for_every_two(Check check) {
        bool const can_merge = std::stoi(session(subject_.schema)->value("show server_version_num")) >= 150000;
        for (auto const way : ways) {
            for (auto const other : ways) {
                if (can_merge || (way != Way::merge && other != Way::merge)) {
                    auto const names = to_string(way) + "-and-" + to_string(other);
                    SCOPED_TRACE(names);
                    check(way, other, "open-" + names, "passing-" + names);
                }
            }
        }
    }

    Subject subject_;
};

TEST_F(HorizonOfTwoWays, AnEventIsHiddenUntilAllBelowItAreDecided) {
    for_every_two([this](Way way, Way other, std::string const& first, std::string const& second) {
        OpenWrite open{subject_, way, first};
        OpenWrite passing{subject_, other, second};
        passing.commit();

        auto const before = subject_.cursor;
        EXPECT_EQ(subject_.read_on(), Aggregates{});
        EXPECT_EQ(subject_.cursor, before);
        EXPECT_NE(subject_.last_seen(), second);

        open.commit();
        EXPECT_EQ(subject_.read_on(1), (Aggregates{first, second}));
        EXPECT_EQ(subject_.last_seen(), second);
    });
}

TEST_F(HorizonOfTwoWays, AnEventWaitsForTheSecondStatementOfAnOlderTransactionToo) {
    for_every_two([this](Way way, Way other, std::string const& first, std::string const& second) {
        OpenWrite open{subject_, way, first};
        OpenWrite passing{subject_, other, second};
        passing.commit();
        open.write(first + "-again");
        EXPECT_EQ(subject_.read_on(), Aggregates{});

        open.commit();
        EXPECT_EQ(subject_.read_on(), (Aggregates{first, second, first + "-again"}));
    });
}

TEST_F(HorizonOfTwoWays, ARollbackLeavesAGapThatNobodyWaitsFor) {
    for_every_two([this](Way way, Way other, std::string const& first, std::string const& second) {
        {
            OpenWrite open{subject_, way, first};
            OpenWrite passing{subject_, other, second};
            passing.commit();
            EXPECT_EQ(subject_.read_on(), Aggregates{});
            open.roll_back();
        }
        EXPECT_EQ(subject_.read_on(), Aggregates{second});
    });
}

TEST(Horizon, AFilterThatLetsNothingThroughDoesNotPassAnOpenTransaction) {
    Subject subject;
    auto const shown = subject.append("shown").position;
    OpenWrite open{subject, Way::insert, "open"};
    subject.append("passing");
    auto const look = [&] {
        return subject.reader.read_all({.filter = {.aggregate_types = {"Other"}}}, [](RecordedEventView const&) {});
    };
    EXPECT_EQ(look(), shown);
    open.commit();
    EXPECT_EQ(look(), Position{shown.value + 2});
}

TEST(Horizon, AReaderThatKnowsOfAHorizonDoesNotPassAnOpenTransaction) {
    Subject subject;
    for (auto const* const name : {"1", "2", "3"}) {
        subject.append(name);
    }
    ASSERT_EQ(subject.read_on().size(), 3U);  // from here on it knows how far all is settled
    OpenWrite open{subject, Way::append, "open"};
    subject.append("passing");
    subject.cursor = Position{};
    EXPECT_EQ(subject.read_on(2), (Aggregates{"1", "2", "3"}));
    open.commit();
    EXPECT_EQ(subject.read_on(2), (Aggregates{"open", "passing"}));
}

TEST(Horizon, APollWhereNothingWasDrawnDoesNotLookAtTheLocks) {
    Subject subject;
    subject.append("1");
    EXPECT_EQ(subject.read_on(), Aggregates{"1"});
    session(subject.schema, Role::owner)
        ->run("revoke execute on function settled from " + std::string{role_prefix} + "_reader");
    EXPECT_EQ(subject.read_on(), Aggregates{});
    subject.append("2");
    EXPECT_THROW(subject.read_on(), PermissionDenied);
}

TEST(Horizon, APollSeesWhatWasDrawnBeforeItAndDecidedSince) {
    Subject subject;
    subject.append("1");
    EXPECT_EQ(subject.read_on(), Aggregates{"1"});
    OpenWrite open{subject, Way::insert, "open"};
    OpenWrite gone{subject, Way::insert, "gone"};
    EXPECT_EQ(subject.read_on(), Aggregates{});  // knows now how far positions are drawn
    gone.roll_back();
    EXPECT_EQ(subject.read_on(), Aggregates{});
    open.commit();
    EXPECT_EQ(subject.read_on(), Aggregates{"open"});
    EXPECT_EQ(subject.read_on(), Aggregates{});
}

TEST(Horizon, ARollbackToASavepointFreesWhatWasWrittenBehindIt) {
    Subject subject;
    auto const open = session(subject.schema);
    open->run("begin; savepoint before; " + insert_statement("undone") + "; rollback to savepoint before");
    subject.append("1");
    EXPECT_EQ(subject.read_on(), Aggregates{"1"});

    open->run(insert_statement("kept"));
    subject.append("2");
    EXPECT_EQ(subject.read_on(), Aggregates{});
    open->run("savepoint again; " + insert_statement("undone") + "; rollback to savepoint again");
    subject.append("3");
    EXPECT_EQ(subject.read_on(), Aggregates{});

    open->run("savepoint last; " + insert_statement("released") + "; release savepoint last");
    open->run("commit");
    EXPECT_EQ(subject.read_on(), (Aggregates{"kept", "2", "3", "released"}));
}

TEST(Horizon, AnErrorHandlerUndoesItsBlockAndNoMore) {
    Subject subject;
    auto const open = session(subject.schema);
    open->run("begin");
    open->run("do $$ begin begin " + insert_statement("undone") +
              "; raise exception 'no'; exception when others then end; " + insert_statement("kept") + "; end $$");
    subject.append("passing");
    EXPECT_EQ(subject.read_on(), Aggregates{});
    open->run("commit");
    EXPECT_EQ(subject.read_on(), (Aggregates{"kept", "passing"}));
}

TEST(Horizon, APreparedTransactionHoldsItAlsoWithoutItsSession) {
    Subject subject;
    if (Sql{subject.schema.url(Role::superuser)}.value("show max_prepared_transactions") == "0") {
        GTEST_SKIP() << "the server allows no prepared transactions";
    }
    auto const name = "'" + subject.schema.name() + "'";
    auto open = session(subject.schema);
    open->run("begin; " + insert_statement("prepared") + "; prepare transaction " + name);
    open.reset();
    subject.append("passing");
    EXPECT_EQ(subject.read_on(), Aggregates{});
    session(subject.schema)->run("commit prepared " + name);
    EXPECT_EQ(subject.read_on(), (Aggregates{"prepared", "passing"}));
}

TEST(Horizon, LongTransactionsElsewhereDoNotStallIt) {
    Subject subject;
    session(subject.schema, Role::owner)->run("create table other (n int); insert into other values (1)");
    auto const writing = session(subject.schema, Role::owner);
    writing->run("begin; update other set n = 2");
    auto const looking = session(subject.schema, Role::reader);
    looking->run("begin isolation level repeatable read; select count(*) from event");
    auto const locking = session(subject.schema);
    locking->run("begin; select pg_advisory_xact_lock(1), pg_advisory_xact_lock_shared(2, 3)");

    subject.append("1");
    EXPECT_EQ(subject.read_on(), Aggregates{"1"});
}

TEST(Horizon, ATransactionThatWroteElsewhereFirstDoesNotReverseAnAggregate) {
    Subject subject;
    session(subject.schema, Role::owner)
        ->run("create table other (n int); grant insert on other to " + std::string{role_prefix} + "_writer");
    auto early = subject.writing.begin();
    early.execute("insert into " + early.schema() + ".other values (1)");  // it has its number now
    subject.append("same");
    subject.append(early, "same");
    EXPECT_EQ(subject.read_on(), Aggregates{"same"});
    early.commit();

    std::vector<std::int64_t> versions;
    subject.reader.read_all({}, [&](RecordedEventView const& event) { versions.push_back(event.version.value); });
    EXPECT_EQ(versions, (std::vector<std::int64_t>{1, 2}));
    // Ordered by the transactions' numbers they would come the other way round: the case is the one that is meant.
    EXPECT_EQ(session(subject.schema, Role::reader)
                  ->value("select string_agg(version::text, ' ' order by xmin::text::bigint) from event"),
              "2 1");
}

TEST(Horizon, OneTransactionHoldsOneLockHoweverMuchItWrites) {
    Subject subject;
    auto open = subject.writing.begin();
    for (int i = 0; i < 100; ++i) {
        subject.append(open, std::to_string(i));
        subject.append("other-" + std::to_string(i));
    }
    EXPECT_EQ(Sql{subject.schema.url(Role::superuser)}.value(
                  "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 2 and classid = '" +
                  subject.schema.name() + ".event_position_seq'::regclass"),
              "1");
    EXPECT_EQ(subject.read_on(), Aggregates{});
    open.commit();
    EXPECT_EQ(subject.read_on().size(), 200U);
}

class HorizonAtPosition : public testing::TestWithParam<std::int64_t> {};

INSTANTIATE_TEST_SUITE_P(Order, HorizonAtPosition,
                         testing::Values((std::int64_t{1} << 31) - 5, (std::int64_t{1} << 32) - 5,
                                         (std::int64_t{1} << 33) - 5, (std::int64_t{1} << 62) - 5),
                         [](auto const& param) { return "P" + std::to_string(param.param); });

/// The lock's key is half of a position.
TEST_P(HorizonAtPosition, HoldsWhereTheKeyOfTheLockTurnsOver) {
    Subject subject;
    session(subject.schema, Role::owner)
        ->run("select setval('event_position_seq', " + std::to_string(GetParam()) + ")");
    for (int i = 0; i < 6; ++i) {
        auto const number = std::to_string(i);
        OpenWrite open{subject, Way::insert, "open-" + number};
        subject.append("1-passing-" + number);
        EXPECT_EQ(subject.read_on(), Aggregates{}) << i;
        OpenWrite later{subject, Way::append, "later-" + number};
        subject.append("2-passing-" + number);
        open.commit();
        EXPECT_EQ(subject.read_on(), (Aggregates{"open-" + number, "1-passing-" + number})) << i;
        later.commit();
        EXPECT_EQ(subject.read_on(), (Aggregates{"later-" + number, "2-passing-" + number})) << i;
    }
    EXPECT_GT(subject.cursor.value, GetParam() + 5);
}

TEST(Horizon, VersionsGoBeyond32Bits) {
    Subject subject;
    constexpr std::int64_t high = std::int64_t{1} << 31;
    session(subject.schema)->run(insert_statement("old", high));
    EXPECT_EQ(subject.append("old", ExpectedVersion::exactly(Version{high})).version, Version{high + 1});
    EXPECT_EQ(subject.append("old").version, Version{high + 2});
    auto transaction = subject.writing.begin();
    EXPECT_EQ(subject.append(transaction, "old", ExpectedVersion::exactly(Version{high + 2})).version,
              Version{high + 3});
    transaction.commit();
    try {
        subject.append("old", ExpectedVersion::exactly(Version{1}));
        ADD_FAILURE() << "no conflict";
    } catch (VersionConflict const& conflict) {
        EXPECT_EQ(conflict.actual(), Version{high + 3});
    }
    std::vector<std::int64_t> versions;
    auto const version =
        subject.reader.read({"Order", "old"}, {.after = Version{high}},
                            [&](RecordedEventView const& event) { versions.push_back(event.version.value); });
    EXPECT_EQ(versions, (std::vector{high + 1, high + 2, high + 3}));
    EXPECT_EQ(version, Version{high + 3});
}

}  // namespace
}  // namespace postgres_test
