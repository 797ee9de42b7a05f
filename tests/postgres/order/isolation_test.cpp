// Transactions that look at the past, and reads that must leave nothing open.
#include "eventually.hpp"
#include "subject.hpp"

#include <event_sourcing/error.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using Aggregates = std::vector<std::string>;

TEST(Isolation, AnAppendInARepeatableReadTransactionIsRefused) {
    for (auto const* const level : {"repeatable read", "serializable"}) {
        Subject subject;
        auto transaction = subject.writing.begin();
        transaction.execute(std::string{"set transaction isolation level "} + level);
        EXPECT_THROW(subject.append(transaction, "1"), InvalidArgument) << level;
        EXPECT_THROW(transaction.commit(), Transient) << level;
        EXPECT_EQ(subject.read_on(), Aggregates{}) << level;
    }
}

/// A default of the role, or of the database, that somebody sets.
PostgresOptions repeatable_read_by_default(TestSchema const& schema, Role role) {
    auto options = schema.options(role);
    options.url = with_settings(options.url, {{"options", "-c default_transaction_isolation=repeatable\\ read"}});
    return options;
}

TEST(Isolation, ADefaultOfRepeatableReadDoesNotReachTheStore) {
    Subject subject;
    PostgresDatabase writing{repeatable_read_by_default(subject.schema, Role::writer)};
    PostgresDatabase reading{repeatable_read_by_default(subject.schema, Role::reader)};
    PostgresEventStore writer{writing};
    PostgresEventStore const reader{reading};
    NewEvent const event{.event_type = "Happened"};

    OpenWrite open{subject, Way::append, "open"};
    append(writer, {"Order", "one"}, ExpectedVersion::none(), {NewEvent{.event_type = "Happened"}});
    append(writer, {"Order", "any"}, ExpectedVersion::any(), {NewEvent{.event_type = "Happened"}});
    {
        auto transaction = writing.begin();
        AppendEntry const entry{{"Order", "within"}, ExpectedVersion::any(), {&event, 1}};
        writer.append(transaction, {.entries = {&entry, 1}});
        transaction.commit();
    }
    Aggregates seen;
    auto const look = [&](Position after) {
        return reader.read_all({.after = after},
                               [&](RecordedEventView const& one) { seen.emplace_back(one.aggregate_id); });
    };
    auto const cursor = look({});
    EXPECT_EQ(seen, Aggregates{});
    open.commit();
    look(cursor);
    EXPECT_EQ(seen, (Aggregates{"open", "one", "any", "within"}));
}

class Leftovers : public testing::Test {
protected:
    Leftovers() {
        for (int i = 0; i < 5; ++i) {
            subject_.append(std::to_string(i));
        }
    }

    [[nodiscard]] PostgresOptions options() const {
        auto out = subject_.schema.options(Role::reader);
        out.application_name = subject_.schema.name();
        return out;
    }

    /// No session of the reader is in a transaction, and none holds a lock. (The server tells of an answer before it notes that
    /// it is idle.)
    [[nodiscard]] bool nothing_left() {
        return eventually(
            [this] {
                return sql_.value(
                           "select count(*) > 0 and bool_and(state = 'idle' and xact_start is null) and not exists "
                           "(select "
                           "from pg_locks l where l.pid in (select pid from pg_stat_activity where application_name = "
                           "'" +
                           subject_.schema.name() + "')) from pg_stat_activity where application_name = '" +
                           subject_.schema.name() + "'") == "t";
            },
            std::chrono::seconds{10});
    }

    Subject subject_;
    PostgresDatabase database_{options()};
    PostgresEventStore store_{database_};
    Sql sql_{subject_.schema.url(Role::superuser)};
};

TEST_F(Leftovers, AVisitorThatStopsLeavesNoTransactionOpen) {
    store_.read_all({}, [](RecordedEventView const&) { return false; });
    EXPECT_TRUE(nothing_left());
    store_.read_all({.limit = 2}, [](RecordedEventView const&) { return false; });
    EXPECT_TRUE(nothing_left());
    store_.read({"Order", "1"}, {}, [](RecordedEventView const&) { return false; });
    EXPECT_TRUE(nothing_left());
}

TEST_F(Leftovers, AVisitorThatThrowsLeavesNoTransactionOpen) {
    auto const fail = [](RecordedEventView const&) { throw std::runtime_error{"the visitor's own"}; };
    for (auto const direction : {Direction::forward, Direction::backward}) {
        EXPECT_THROW(store_.read_all({.direction = direction}, fail), std::runtime_error);
        EXPECT_TRUE(nothing_left());
    }
    EXPECT_THROW(store_.read({"Order", "1"}, {}, fail), std::runtime_error);
    EXPECT_TRUE(nothing_left());
}

TEST_F(Leftovers, NoTransactionIsOpenWhileTheVisitorWorks) {
    store_.read_all({}, [&](RecordedEventView const&) { EXPECT_TRUE(nothing_left()); });
    store_.read_all({.limit = 2}, [&](RecordedEventView const&) { EXPECT_TRUE(nothing_left()); });
}

}  // namespace
}  // namespace postgres_test
