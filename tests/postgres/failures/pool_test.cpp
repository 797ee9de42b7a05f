// Connections: bounded, thrown away when they are dead, never made anew behind a caller's back.

#include "subject.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;

void only_one(PostgresOptions& options) {
    options.connections = 1;
    options.connection_wait = std::chrono::milliseconds{100};
}

TEST(Failures, F13_ExhaustedPoolIsPoolTimeout) {
    Subject subject{only_one};
    subject.append({event()});
    {
        auto const holding = subject.database.begin();

        auto const outcome = outcome_of([&] { subject.append({event()}); });
        EXPECT_EQ(outcome, "PoolTimeout");
        EXPECT_TRUE(outcome.retryable);
        EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, [](RecordedEventView const&) {}); }), "PoolTimeout");
        EXPECT_EQ(outcome_of([&] { static_cast<void>(subject.database.begin()); }), "PoolTimeout");
    }
    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "returned");
    EXPECT_EQ(subject.stored(), 2);
}

TEST(Failures, F13_CombinedCallersAllHearOfTheExhaustedPool) {
    Subject subject{only_one};
    subject.append({event()});
    auto const holding = subject.database.begin();
    std::atomic<int> refused = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 8; ++i) {
            callers.emplace_back(
                [&] { refused += outcome_of([&] { subject.append({event()}); }) == "PoolTimeout" ? 1 : 0; });
        }
    }
    EXPECT_EQ(refused, 8);
}

TEST(Failures, F13_VisitorsMayUseTheStoreWithOneConnection) {
    Subject subject{only_one};
    subject.append(events(3));
    auto const& store = subject.store;
    int visited = 0;

    auto const outcome = outcome_of([&] {
        store.read(alice, {}, [&](RecordedEventView const& view) {
            append(subject.store, {"Account", "bob"}, ExpectedVersion::any(), {event()});
            store.read(alice, {.limit = 1}, [&](RecordedEventView const&) { ++visited; });
            store.find(std::array{view.id}, [&](RecordedEventView const&) { ++visited; });
        });
        store.read_all({.limit = 2}, [&](RecordedEventView const&) {
            store.read_all({.limit = 1}, [&](RecordedEventView const&) { ++visited; });
            append(subject.store, {"Account", "bob"}, ExpectedVersion::any(), {event()});
        });
    });

    EXPECT_EQ(outcome, "returned");
    EXPECT_EQ(visited, 8);
    EXPECT_EQ(subject.stored(), 8);
    EXPECT_EQ(subject.sessions(), 1);
}

TEST(Failures, F13_ManyCallersShareFewConnections) {
    Subject subject{[](PostgresOptions& options) { options.connections = 2; }};
    std::atomic<int> failed = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 16; ++i) {
            callers.emplace_back([&, i] {
                AggregateRef const mine{"Account", std::array{"a", "b", "c", "d"}[static_cast<std::size_t>(i) % 4]};
                for (int n = 0; n < 10; ++n) {
                    auto const outcome = outcome_of([&] {
                        append(subject.store, mine, ExpectedVersion::any(), {event()});
                        subject.store.read(mine, {}, [](RecordedEventView const&) {});
                        subject.store.read_all({.limit = 5}, [](RecordedEventView const&) {});
                    });
                    failed += outcome == "returned" ? 0 : 1;
                }
            });
        }
    }
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(subject.stored(), 160);
    EXPECT_LE(subject.sessions(), 2);
}

TEST(Pool, ConnectionsThatDiedWhileIdleAreThrownAway) {
    Subject subject{[](PostgresOptions& options) { options.connections = 8; }};
    {
        std::vector<Transaction> all;
        for (int i = 0; i < 8; ++i) {
            all.push_back(subject.database.begin());
        }
    }
    ASSERT_EQ(subject.sessions(), 8);
    subject.terminate_sessions();

    for (int i = 0; i < 8; ++i) {
        EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, [](RecordedEventView const&) {}); }), "returned");
    }
}

TEST(Pool, LostConnectionsDoNotUseUpThePool) {
    BehindProxy behind{only_one};
    auto& subject = behind.subject;
    for (int i = 0; i < 5; ++i) {
        behind.proxy->arm(Fault::cut_before_the_server, is_read);
        EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, [](RecordedEventView const&) {}); }), "Unavailable");
    }
    EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, [](RecordedEventView const&) {}); }), "returned");
    EXPECT_TRUE(eventually([&] { return subject.sessions() == 1; }));
}

TEST(Pool, ConnectionsThatCannotBeMadeDoNotUseUpThePool) {
    BehindProxy behind{only_one};
    auto& subject = behind.subject;
    behind.proxy.reset();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "Unavailable");
    }
}

// Version 6 of the driver would connect again by itself, and run the rest of a transaction outside of it.
TEST(Pool, LostTransactionIsNotContinuedOnAnotherConnection) {
    BehindProxy behind;
    auto& subject = behind.subject;
    auto const table = subject.schema.name() + ".note";
    subject.sql.run("create table " + table + " (text text); grant insert on " + table + " to public");
    auto transaction = subject.database.begin();
    auto const insert = [&] { transaction.execute("insert into " + table + " values ($1)", {"x"}); };
    insert();

    behind.proxy->cut_all();

    for (int i = 0; i < 5; ++i) {  // the driver would make a new connection at the third
        EXPECT_EQ(outcome_of(insert), "Unavailable");
    }
    EXPECT_EQ(outcome_of([&] { transaction.commit(); }), "Transient");
    EXPECT_EQ(subject.sql.value("select count(*) from " + table), "0");
}

TEST(Pool, CommitThatGetsNoAnswerIsOutcomeUnknown) {
    for (auto const fault : {Fault::cut_before_the_server, Fault::cut_after_the_answer}) {
        BehindProxy behind;
        auto& subject = behind.subject;
        std::vector const request{event()};
        AppendEntry const entry{alice, ExpectedVersion::any(), request};
        auto transaction = subject.database.begin();
        subject.store.append(transaction, {.entries = {&entry, 1}});
        behind.proxy->arm(fault, is_commit);

        auto const outcome = outcome_of([&] { transaction.commit(); });

        EXPECT_EQ(outcome, "OutcomeUnknown");
        EXPECT_TRUE(outcome.retryable);
        EXPECT_EQ(subject.append(request).replayed, fault == Fault::cut_after_the_answer);
        EXPECT_EQ(subject.stored(), 1);
    }
}

}  // namespace
}  // namespace postgres_test
