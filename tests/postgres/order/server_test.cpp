// What a crash, and a standby, mean for the order. Each case has a server of its own.
#include "standby.hpp"
#include "subject.hpp"

#include <event_sourcing/error.hpp>

#include <gtest/gtest.h>

namespace postgres_test {
namespace {

using namespace event_sourcing;
using Aggregates = std::vector<std::string>;

/// A transaction that rolls back may draw positions that a crash takes back. Had a reader's cursor, kept elsewhere, gone past
/// them, it would miss the events that get them next.
TEST(CrashedServer, AnEventStoredAfterwardsIsNotBelowACursorFromBefore) {
    OwnServer server{"wal_writer_delay = 10s\nautovacuum = off"};  // nothing makes durable what nobody committed
    Subject subject{server.url()};
    subject.append("before");
    {
        auto const sql = session(subject.schema);
        sql->run("begin");
        for (int i = 0; i < 100; ++i) {
            sql->run(insert_statement("gone-" + std::to_string(i)));
        }
        sql->run("rollback");
    }
    auto const drawn = subject.last_drawn();
    EXPECT_EQ(subject.read_on(), Aggregates{"before"});

    server.crash();
    server.restart();
    Subject* const same = &subject;
    auto const stored = [same] {
        for (;;) {
            try {
                return same->append("after");
            } catch (Unavailable const&) {  // a connection from before
            }
        }
    }();
    ASSERT_LT(stored.position.value, drawn) << "nothing was taken back, so nothing was tried";
    EXPECT_EQ(subject.read_on(), Aggregates{"after"});
}

TEST(CrashedServer, APreparedTransactionStillHoldsTheHorizon) {
    OwnServer server;
    auto const subject = std::make_unique<Subject>(server.url());
    session(subject->schema)->run("begin; " + insert_statement("prepared") + "; prepare transaction 'one'");
    subject->append("passing");
    server.crash();
    server.restart();

    // Another process, with the cursor of the one before.
    PostgresDatabase database{subject->schema.options(Role::reader)};
    PostgresEventStore const reader{database};
    Aggregates seen;
    auto const look = [&] {
        reader.read_all({}, [&](RecordedEventView const& event) { seen.emplace_back(event.aggregate_id); });
    };
    look();
    EXPECT_EQ(seen, Aggregates{});
    session(subject->schema)->run("commit prepared 'one'");
    look();
    EXPECT_EQ(seen, (Aggregates{"prepared", "passing"}));
}

TEST(Standby, IsRefusedByWritersAndReaders) {
    OwnServer const primary;
    Subject subject{primary.url()};
    subject.append("1");
    Standby const standby{primary.url()};
    ASSERT_EQ(Sql{standby.url()}.value("select pg_is_in_recovery()"), "t");
    for (auto const role : {Role::writer, Role::reader}) {
        auto options = subject.schema.options(role);
        options.url = with_settings(options.url, {{"port", setting(standby.url(), "port")}});
        PostgresDatabase database{std::move(options)};
        EXPECT_THROW(database.connect(), NotPrimary);
        PostgresEventStore const store{database};
        EXPECT_THROW(store.read_all({}, [](RecordedEventView const&) {}), NotPrimary);
    }
}

}  // namespace
}  // namespace postgres_test
