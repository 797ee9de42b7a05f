// Group F: what goes wrong has one type each, says whether trying again can help, and leaves the store usable.

#include "subject.hpp"

#include <event_sourcing/append_error.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <thread>
#include <utility>

namespace postgres_test {
namespace {

using namespace event_sourcing;

TEST(Failures, F01_ServerDownAtAppendIsUnavailable) {
    BehindProxy behind;
    auto& subject = behind.subject;
    subject.append({event()});
    behind.proxy.reset();

    auto const outcome = outcome_of([&] { subject.append({event()}); });

    EXPECT_EQ(outcome, "Unavailable");
    EXPECT_TRUE(outcome.retryable);
    EXPECT_EQ(subject.stored(), 1);
}

TEST(Failures, F01_ServerNeverThereIsUnavailable) {
    auto const url = [] { return FaultProxy{server_url()}.url(); }();  // nobody listens there any more
    PostgresDatabase database{{.url = url}};
    PostgresEventStore store{database};

    auto const outcome = outcome_of([&] { append(store, alice, ExpectedVersion::any(), {event()}); });

    EXPECT_EQ(outcome, "Unavailable");
    EXPECT_TRUE(outcome.retryable);
}

TEST(Failures, F01_ServerThatAcceptsAndSaysNothingIsUnavailable) {
    int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(listener, generic, size), 0);
    ASSERT_EQ(::listen(listener, 8), 0);
    ASSERT_EQ(::getsockname(listener, generic, &size), 0);
    PostgresDatabase database{{.url = "host=127.0.0.1 port=" + std::to_string(ntohs(address.sin_port)),
                               .statement_timeout = std::chrono::milliseconds{500},
                               .answer_timeout = std::chrono::milliseconds{600}}};
    PostgresEventStore store{database};

    EXPECT_EQ(outcome_of([&] { append(store, alice, ExpectedVersion::any(), {event()}); }), "Unavailable");

    ::close(listener);
}

TEST(Failures, F02_ServerDownAtReadIsUnavailable) {
    BehindProxy behind;
    auto& store = behind.subject.store;
    behind.subject.append({event()});
    behind.proxy.reset();

    EXPECT_EQ(outcome_of([&] { store.read(alice, {}, [](RecordedEventView const&) {}); }), "Unavailable");
    EXPECT_EQ(outcome_of([&] { store.read_all({}, [](RecordedEventView const&) {}); }), "Unavailable");
    EXPECT_EQ(outcome_of([&] { store.find(std::array{Uuid{}}, [](RecordedEventView const&) {}); }), "Unavailable");
}

TEST(Failures, F03_TerminatedSessionMidAppendIsOutcomeUnknown) {
    Subject subject;
    subject.append({event()});
    std::vector const request{event()};
    Sql other{server_url()};
    subject.block_alice(other);
    auto caller = std::async(std::launch::async, [&] { return outcome_of([&] { subject.append(request); }); });
    subject.await_blocked();

    subject.terminate_sessions();

    auto const outcome = caller.get();
    EXPECT_EQ(outcome, "OutcomeUnknown");
    EXPECT_TRUE(outcome.retryable);
    other.run("rollback");
    EXPECT_EQ(subject.stored(), 1);
    EXPECT_FALSE(subject.append(request).replayed);
    EXPECT_EQ(subject.stored(), 2);
}

TEST(Failures, F04_KilledBackendMidAppendIsOutcomeUnknown) {
    OwnServer server;
    Subject subject{{}, server.url()};
    subject.append({event()});
    std::vector const request{event()};
    Sql other{server.url()};
    subject.block_alice(other);
    auto caller = std::async(std::launch::async, [&] { return outcome_of([&] { subject.append(request); }); });
    subject.await_blocked();

    ASSERT_EQ(::kill(static_cast<pid_t>(std::stoi(subject.blocked_process())), SIGKILL), 0);

    EXPECT_EQ(caller.get(), "OutcomeUnknown");
    // The server starts all its processes again by itself; the same store object finds it.
    EXPECT_TRUE(eventually([&] { return outcome_of([&] { subject.append(request); }) == "returned"; }));
    EXPECT_EQ(Sql{server.url()}.value("select count(*) from " + subject.schema.name() + ".event"), "2");
}

TEST(Failures, F05_ClientRecoversByItselfWhenTheServerIsBack) {
    OwnServer server;
    Subject subject{{}, server.url()};
    subject.append({event()});

    server.crash();
    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "Unavailable");
    EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, [](RecordedEventView const&) {}); }), "Unavailable");
    server.restart();

    EXPECT_EQ(subject.append({event()}).entries.front().version, Version{2});
    EXPECT_EQ(subject.store.read(alice, {}, [](RecordedEventView const&) {}), Version{2});
}

TEST(Failures, F06_ReadOnlyServerIsNotPrimary) {
    Subject subject;
    subject.append({event()});

    {
        auto transaction = subject.database.begin();
        transaction.execute("set transaction read only");
        std::vector const request{event()};
        AppendEntry const entry{alice, ExpectedVersion::any(), request};
        auto const outcome = outcome_of([&] { subject.store.append(transaction, {.entries = {&entry, 1}}); });
        EXPECT_EQ(outcome, "NotPrimary");
        EXPECT_TRUE(outcome.retryable);
    }

    EXPECT_EQ(subject.append({event()}).entries.front().version, Version{2});
}

TEST(Failures, F07_TooManyConnectionsIsUnavailable) {
    Subject subject;
    OwnRole const role{subject, "connection limit 1"};
    PostgresDatabase database{role.options()};
    PostgresEventStore store{database};
    auto const add = [&] { append(store, alice, ExpectedVersion::any(), {event()}); };

    {
        auto const only = database.begin();
        auto const outcome = outcome_of(add);
        EXPECT_EQ(outcome, "Unavailable");
        EXPECT_TRUE(outcome.retryable);
    }

    EXPECT_EQ(outcome_of(add), "returned");
    EXPECT_EQ(subject.stored(), 1);
}

class FailuresThatTheStoreRetries : public ::testing::TestWithParam<std::string> {};

TEST_P(FailuresThatTheStoreRetries, F08_PassUnnoticedWhereTheyEnd) {
    Subject subject;
    subject.fail_appends(GetParam(), 2);

    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "returned");

    EXPECT_EQ(subject.tries(), 3);
    EXPECT_EQ(subject.stored(), 1);
}

TEST_P(FailuresThatTheStoreRetries, F08_AreTransientWhereTheyDoNotEnd) {
    Subject subject;
    subject.fail_appends(GetParam(), 1000);

    auto const outcome = outcome_of([&] { subject.append({event()}); });

    EXPECT_EQ(outcome, "Transient");
    EXPECT_TRUE(outcome.retryable);
    EXPECT_GT(subject.tries(), 2);
    EXPECT_LT(subject.tries(), 20);
    EXPECT_EQ(subject.stored(), 0);
    subject.sql.run("drop trigger fail on " + subject.schema.name() + ".event");
    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "returned");
}

INSTANTIATE_TEST_SUITE_P(Failures, FailuresThatTheStoreRetries, ::testing::Values("40001", "40P01", "23505"),
                         [](auto const& one) { return one.param; });

TEST(Failures, F08_DeadlockOfTwoTransactionsIsTransientForOne) {
    Subject subject;
    std::vector const request{event()};
    auto const add = [&](Transaction& to, std::string_view id, std::vector<NewEvent> const& what) {
        AppendEntry const entry{{"Account", id}, ExpectedVersion::any(), what};
        subject.store.append(to, {.entries = {&entry, 1}});
    };
    auto first = subject.database.begin();
    auto second = subject.database.begin();
    add(first, "a", {event()});
    add(second, "b", {event()});

    auto caller = std::async(std::launch::async, [&] { return outcome_of([&] { add(first, "b", {event()}); }); });
    subject.await_blocked();
    auto const mine = outcome_of([&] { add(second, "a", {event()}); });
    if (mine != "returned") {
        auto const ended = std::move(second);  // rolls back, so that the other goes on
    }
    auto const others = caller.get();

    auto const& loser = mine == "returned" ? others : mine;
    auto const& winner = mine == "returned" ? mine : others;
    EXPECT_EQ(loser, "Transient");
    EXPECT_TRUE(loser.retryable);
    EXPECT_EQ(winner, "returned");
}

TEST(Failures, F09_LockThatIsNotFreeInTimeIsTimeout) {
    Subject subject;
    Sql other{server_url()};
    subject.block_alice(other);
    auto transaction = subject.database.begin();
    transaction.execute("set local lock_timeout = '50ms'");
    std::vector const request{event()};
    AppendEntry const entry{alice, ExpectedVersion::any(), request};

    auto const outcome = outcome_of([&] { subject.store.append(transaction, {.entries = {&entry, 1}}); });

    EXPECT_EQ(outcome, "Timeout");
    EXPECT_TRUE(outcome.retryable);
}

TEST(Failures, F09_StatementThatTakesTooLongIsTimeout) {
    Subject subject{[](PostgresOptions& options) { options.statement_timeout = std::chrono::milliseconds{100}; }};
    Sql other{server_url()};
    subject.block_alice(other);

    auto const outcome = outcome_of([&] { subject.append({event()}); });

    EXPECT_EQ(outcome, "Timeout");
    EXPECT_TRUE(outcome.retryable);
    other.run("rollback");
    EXPECT_EQ(subject.stored(), 0);
    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "returned");
}

TEST(Failures, F11_SwallowedAnswerEndsAtTheDeadline) {
    BehindProxy behind{[](PostgresOptions& options) {
        options.connections = 1;
        options.statement_timeout = std::chrono::milliseconds{400};
        options.answer_timeout = std::chrono::milliseconds{500};
    }};
    auto& subject = behind.subject;
    subject.append({event()});
    std::vector const request{event()};

    behind.proxy->arm(Fault::swallow_the_answer);
    auto const outcome = outcome_of([&] { subject.append(request); });
    EXPECT_EQ(outcome, "OutcomeUnknown");
    EXPECT_TRUE(outcome.retryable);
    // The connection was thrown away, or the only one would not answer now.
    EXPECT_TRUE(subject.append(request).replayed);
    EXPECT_EQ(subject.stored(), 2);

    behind.proxy->arm(Fault::swallow_the_answer, is_read);
    EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, [](RecordedEventView const&) {}); }), "Unavailable");
    EXPECT_EQ(subject.store.read(alice, {}, [](RecordedEventView const&) {}), Version{2});
}

TEST(Failures, F12_ReadThatIsCutIsAnErrorAndNoShortList) {
    BehindProxy behind;
    auto& subject = behind.subject;
    subject.append(events(300, "{\"text\":\"" + std::string(1000, 'x') + "\"}"));
    int visited = 0;
    auto const count = [&visited](RecordedEventView const&) { ++visited; };

    behind.proxy->arm(Fault::cut_inside_the_answer, is_read);
    EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, count); }), "Unavailable");
    behind.proxy->arm(Fault::cut_inside_the_answer, is_read);
    EXPECT_EQ(outcome_of([&] { subject.store.read_all({}, count); }), "Unavailable");
    EXPECT_EQ(behind.proxy->happened(), 2);

    visited = 0;
    EXPECT_EQ(subject.store.read(alice, {}, count), Version{300});
    subject.store.read_all({}, count);
    EXPECT_EQ(visited, 600);
}

TEST(Failures, F19_CancelledAppendLeavesNothing) {
    Subject subject;
    std::vector const request{event()};
    Sql other{server_url()};
    subject.block_alice(other);
    auto caller = std::async(std::launch::async, [&] { return outcome_of([&] { subject.append(request); }); });
    subject.await_blocked();

    subject.sql.run("select pg_cancel_backend(" + subject.blocked_process() + ")");

    EXPECT_EQ(caller.get(), "Timeout");
    other.run("rollback");
    EXPECT_EQ(subject.stored(), 0);
    EXPECT_FALSE(subject.append(request).replayed);
}

TEST(Failures, F19_AppendsCancelledAtAnyMomentLeaveAllOrNothing) {
    Subject subject;
    subject.append({event()});
    auto const session = subject.sql.value("select pid from pg_stat_activity where application_name = '" +
                                           subject.options.application_name + "'");
    std::atomic<bool> done = false;
    std::jthread const canceller{[&] {
        Sql sql{server_url()};
        while (!done) {
            sql.run("select pg_cancel_backend(" + session + ")");
            ::poll(nullptr, 0, 2);
        }
    }};

    int returned = 0;
    for (int i = 0; i < 40; ++i) {
        auto const outcome = outcome_of([&] { subject.append(events(200)); });
        returned += outcome == "returned" ? 1 : 0;
        if (outcome != "returned") {
            EXPECT_EQ(outcome, "Timeout");
        }
    }
    done = true;

    EXPECT_LT(returned, 40) << "nothing was cancelled";
    EXPECT_EQ(subject.stored(), 1 + 200 * returned);
}

TEST(Failures, F20_EndedTransactionRefusesFurtherUse) {
    Subject subject;
    std::vector const request{event()};
    AppendEntry const entry{alice, ExpectedVersion::any(), request};
    auto transaction = subject.database.begin();
    subject.store.append(transaction, {.entries = {&entry, 1}});
    transaction.commit();

    EXPECT_EQ(outcome_of([&] { transaction.execute("select 1"); }), "InvalidArgument");
    EXPECT_EQ(outcome_of([&] { subject.store.append(transaction, {.entries = {&entry, 1}}); }), "InvalidArgument");
    EXPECT_EQ(outcome_of([&] { transaction.commit(); }), "InvalidArgument");
    EXPECT_EQ(subject.stored(), 1);
}

TEST(Failures, F20_TransactionWithAFailedStatementStoresNothing) {
    Subject subject;
    std::vector const request{event()};
    AppendEntry const entry{alice, ExpectedVersion::any(), request};
    auto transaction = subject.database.begin();
    subject.store.append(transaction, {.entries = {&entry, 1}});
    EXPECT_EQ(outcome_of([&] { transaction.execute("select 1 / 0"); }), "SqlError");

    EXPECT_EQ(outcome_of([&] { transaction.commit(); }), "Transient");

    EXPECT_EQ(subject.stored(), 0);
}

TEST(Failures, F21_HandleConnectsAgainAfterItsConnectionDied) {
    std::vector<std::string> lines;
    Subject subject{[&](PostgresOptions& options) {
        options.connections = 1;
        options.log = [&lines](LogLevel, std::string_view line) { lines.emplace_back(line); };
    }};
    subject.append({event()});
    subject.terminate_sessions();

    EXPECT_EQ(outcome_of([&] { subject.append({event()}); }), "returned");
    subject.terminate_sessions();
    EXPECT_EQ(outcome_of([&] { subject.store.read(alice, {}, [](RecordedEventView const&) {}); }), "returned");

    EXPECT_EQ(subject.stored(), 2);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines.front().find("lost"), std::string::npos);
}

TEST(Failures, F22_MissingRightIsPermissionDenied) {
    Subject subject;
    PostgresDatabase database{subject.schema.options(Role::reader)};
    PostgresEventStore store{database};

    auto const outcome = outcome_of([&] { append(store, alice, ExpectedVersion::any(), {event()}); });
    EXPECT_EQ(outcome, "PermissionDenied");
    EXPECT_FALSE(outcome.retryable);
    EXPECT_EQ(outcome_of([&] { append(store, alice, ExpectedVersion::exactly(Version{0}), {event()}); }),
              "PermissionDenied");

    EXPECT_EQ(outcome_of([&] { store.read(alice, {}, [](RecordedEventView const&) {}); }), "returned");
    EXPECT_EQ(subject.stored(), 0);
}

}  // namespace
}  // namespace postgres_test
