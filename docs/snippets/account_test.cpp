#include "account.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/testing/counting_ids.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>
#include <event_sourcing/testing/gated_event_store.hpp>
#include <event_sourcing/testing/given.hpp>
#include <event_sourcing/testing/manual_clock.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

namespace es = event_sourcing;

// [given-when-then]
TEST(Account, PaysOutWhatIsThere) {
    es::testing::given<Account>(Opened{"Alice"}, Deposited{100})
        .when([](Account const& account) { return withdraw(account, 30); })
        .then(Withdrawn{30})
        .then_state([](Account const& account) { return account.balance == 70; });
}

TEST(Account, PaysOutNoMoreThanIsThere) {
    es::testing::given<Account>(Opened{"Alice"}, Deposited{100})
        .when([](Account const& account) { return withdraw(account, 101); })
        .then_throws<Refusal>("insufficient funds");
}

TEST(Account, MustBeOpenedFirst) {
    es::testing::given<Account>()
        .when([](Account const& account) { return deposit(account, 1); })
        .then_throws<Refusal>();
}
// [given-when-then]

// [memory]
TEST(History, SaysWhenItHappened) {
    es::testing::ManualClock clock;
    es::testing::CountingIds const ids;
    es::InMemoryEventStore store{{.clock = clock}};
    es::Repository<Account> const accounts{store, {.command = {.new_id = ids}}};

    accounts.execute("alice", [](Account const& account) { return open(account, "Alice"); });
    clock.advance(std::chrono::hours{1});
    accounts.execute("alice", [](Account const& account) { return deposit(account, 100); });

    std::vector<std::string> times;
    accounts.history("alice", {}, [&](Account::Event const&, es::RecordedEventView const& record) {
        times.push_back(es::to_string(record.timestamp));
    });
    EXPECT_EQ(times, (std::vector<std::string>{"2020-01-01T00:00:00Z", "2020-01-01T01:00:00Z"}));
    EXPECT_TRUE(store.find(std::array{ids.nth(1), ids.nth(2)}, [](es::RecordedEventView const&) {}));
}
// [memory]

// [faulty]
TEST(Deposit, IsStoredOnceWhenTheReplyIsLost) {
    es::InMemoryEventStore memory;
    es::testing::FaultyEventStore store{memory};
    es::Repository<Account> const accounts{store};
    accounts.execute("alice", [](Account const& account) { return open(account, "Alice"); });

    store.lose_reply();  // the next append is stored, but nobody hears of it
    auto const done = accounts.execute("alice", [](Account const& account) { return deposit(account, 100); });

    EXPECT_EQ(done.state.balance, 100);
    EXPECT_EQ(done.version, es::Version{2});
    EXPECT_EQ(store.calls(es::testing::EventStoreCall::append), 3U);
}
// [faulty]

// [gated]
TEST(Deposit, IsDecidedAgainWhenAnotherWriterWins) {
    es::InMemoryEventStore memory;
    es::testing::GatedEventStore store{memory};
    es::Repository<Account> const here{store};
    es::Repository<Account> const elsewhere{memory};
    elsewhere.execute("alice", [](Account const& account) { return open(account, "Alice"); });

    int decisions = 0;
    store.before(es::testing::EventStoreCall::append).close();
    std::jthread command{[&] {
        here.execute("alice", [&](Account const& account) {
            ++decisions;
            return deposit(account, 100);
        });
    }};
    store.before(es::testing::EventStoreCall::append).await_held();  // it has decided, and not stored yet
    elsewhere.execute("alice", [](Account const& account) { return deposit(account, 1); });
    store.before(es::testing::EventStoreCall::append).open();
    command.join();

    EXPECT_EQ(decisions, 2);
    EXPECT_EQ(elsewhere.load("alice").state.balance, 101);
}
// [gated]

// [retry]
TEST(Retries, DoNotWaitInTests) {
    es::InMemoryEventStore memory;
    es::testing::FaultyEventStore store{memory};
    store.fail(es::testing::EventStoreCall::append, es::Unavailable{"down"}, {.first = 1, .count = 100});

    std::vector<std::chrono::microseconds> waits;
    es::CommandOptions const options{
        .retry = {.attempts = 3}, .sources = {.pause = [&](std::chrono::microseconds wait) { waits.push_back(wait); }}};
    es::Repository<Account> const accounts{store, {.command = options}};

    EXPECT_THROW(accounts.execute("alice", [](Account const& account) { return open(account, "Alice"); }),
                 es::Unavailable);
    EXPECT_EQ(waits.size(), 2U);
}
// [retry]
