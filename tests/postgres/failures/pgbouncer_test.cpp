// F25: the store behind PgBouncer in transaction mode. Groups A, I, R and G of the contract run there as cases of their
// own, conformance.pgbouncer.

#include "pgbouncer.hpp"
#include "subject.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace postgres_test {
namespace {

using namespace event_sourcing;

TEST(Failures, F25_ManyCallersThroughPgBouncerInTransactionMode) {
    if (!PgBouncer::installed()) {
        GTEST_SKIP() << "PgBouncer is not installed (Debian: apt-get install pgbouncer)";
    }
    PgBouncer const bouncer{server_url()};
    Subject subject{[&](PostgresOptions& options) {
        options.url = bouncer.through(options.url);
        options.statements = StatementMode::plain;
    }};
    std::atomic<int> failed = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 8; ++i) {
            callers.emplace_back([&] {
                for (int n = 0; n < 20; ++n) {
                    auto const outcome = outcome_of([&] {
                        subject.append({event()});
                        auto transaction = subject.database.begin();
                        transaction.execute("select 1");
                        std::vector const request{event()};
                        AppendEntry const entry{{"Account", "bob"}, ExpectedVersion::any(), request};
                        subject.store.append(transaction, {.entries = {&entry, 1}});
                        transaction.commit();
                        subject.store.read_all({.limit = 10}, [](RecordedEventView const&) {});
                    });
                    failed += outcome == "returned" ? 0 : 1;
                    EXPECT_EQ(outcome, "returned");
                }
            });
        }
    }
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(subject.stored(), 320);
}

// What somebody sees who forgets StatementMode::plain: no wrong data, and where statements get lost, what to do.
TEST(Failures, F25_PreparedStatementsThroughPgBouncerSayWhatToDo) {
    if (!PgBouncer::installed()) {
        GTEST_SKIP() << "PgBouncer is not installed (Debian: apt-get install pgbouncer)";
    }
    PgBouncer const bouncer{server_url()};
    Subject subject{[&](PostgresOptions& options) { options.url = bouncer.through(options.url); }};
    int returned = 0;
    {
        std::vector<Transaction> open;  // each keeps a session of the server, so that the next call gets another one
        for (int i = 0; i < 6; ++i) {
            auto const outcome = outcome_of([&] {
                open.push_back(subject.database.begin());
                subject.append({event()});
            });
            returned += outcome == "returned" ? 1 : 0;
            if (outcome != "returned") {  // PgBouncer from 1.21 on keeps them, where it is told to
                EXPECT_EQ(outcome, "InvalidArgument");
                EXPECT_NE(outcome.message.find("StatementMode::plain"), std::string::npos) << outcome.message;
            }
        }
    }
    EXPECT_EQ(subject.stored(), returned);
}

}  // namespace
}  // namespace postgres_test
