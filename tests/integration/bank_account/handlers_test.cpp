#include "application/command_handlers.hpp"
#include "application/queries.hpp"
#include "domain/refusal.hpp"

#include <event_sourcing/inmemory/event_store.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bank {
namespace {

namespace es = event_sourcing;

class Handlers : public ::testing::Test {
protected:
    Money balance_of(std::string const& id) const { return queries.handle(BalanceQuery{id, {}}).value().balance; }
    std::size_t stored() const {
        std::size_t count = 0;
        store.read_all({.limit = 1'000'000}, [&](es::RecordedEventView const&) { ++count; });
        return count;
    }

    es::InMemoryEventStore store;
    CommandHandlers commands{store};
    QueryHandlers queries{store};
};

TEST_F(Handlers, ATransferStoresBothHalvesNextToEachOther) {
    commands.handle(OpenAccount{.account_id = "ada"});
    commands.handle(OpenAccount{.account_id = "bob"});
    commands.handle(Deposit{"ada", 100, {}});
    auto const done = commands.handle(Transfer{"ada", "bob", 60, {}});
    ASSERT_EQ(done.written.size(), 2U);
    EXPECT_EQ(done.written[1].position.value, done.written[0].position.value + 1);
    EXPECT_EQ(balance_of("ada"), 40);
    EXPECT_EQ(balance_of("bob"), 60);
}

TEST_F(Handlers, ARefusedTransferStoresNothingOnEitherSide) {
    commands.handle(OpenAccount{.account_id = "ada"});
    commands.handle(Deposit{"ada", 100, {}});
    auto const before = stored();
    EXPECT_THROW(commands.handle(Transfer{"ada", "nobody", 60, {}}), UnknownAccount);
    EXPECT_THROW(commands.handle(Transfer{"nobody", "ada", 60, {}}), UnknownAccount);
    EXPECT_THROW(commands.handle(Transfer{"ada", "ada", 60, {}}), SameAccount);
    commands.handle(OpenAccount{.account_id = "bob"});
    EXPECT_THROW(commands.handle(Transfer{"ada", "bob", 101, {}}), InsufficientFunds);
    EXPECT_EQ(stored(), before + 1);
}

TEST_F(Handlers, ARepeatedCommandIsAnsweredAsItWasThen) {
    es::CommandContext const once{.command = es::Uuid::v7()};
    commands.handle(OpenAccount{.account_id = "ada"});
    commands.handle(Deposit{"ada", 100, {}}, once);
    commands.handle(Deposit{"ada", 1, {}});
    auto const again = commands.handle(Deposit{"ada", 100, {}}, once);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.state.balance, 100);
    EXPECT_EQ(balance_of("ada"), 101);
}

TEST_F(Handlers, TransfersFromManyThreadsKeepEveryUnit) {
    std::vector<std::string> const ids{"a", "b", "c"};
    for (auto const& id : ids) {
        commands.handle(OpenAccount{.account_id = id});
        commands.handle(Deposit{id, 100, {}});
    }
    constexpr std::size_t threads = 4;
    std::latch start{threads};
    std::atomic<std::size_t> accepted{0};
    {
        std::vector<std::jthread> crowd;
        for (std::size_t thread = 0; thread < threads; ++thread) {
            crowd.emplace_back([&, thread] {
                start.arrive_and_wait();
                for (std::size_t i = 0; i < 50; ++i) {
                    try {
                        commands.handle(Transfer{ids[(i + thread) % 3], ids[(i + thread + 1) % 3], 30, {}});
                        ++accepted;
                    } catch (InsufficientFunds const&) {
                        continue;
                    } catch (es::VersionConflict const&) {
                        continue;  // the tries were spent: nothing stored
                    }
                }
            });
        }
    }
    auto const balances = queries.handle(BalancesQuery{});
    EXPECT_EQ(std::accumulate(balances.begin(), balances.end(), Money{0},
                              [](Money sum, Balance const& one) { return sum + one.balance; }),
              300);
    EXPECT_TRUE(std::ranges::all_of(balances, [](Balance const& one) { return one.balance >= 0; }));
    EXPECT_EQ(stored(), 6 + 2 * accepted);
}

TEST_F(Handlers, ABalanceCanBeAskedAsOfAVersion) {
    commands.handle(OpenAccount{.account_id = "ada"});
    commands.handle(Deposit{"ada", 100, {}});
    commands.handle(Withdraw{"ada", 30, {}});
    EXPECT_EQ(queries.handle(BalanceQuery{"ada", es::Version{2}}), (Balance{"ada", 100, es::Version{2}}));
    EXPECT_EQ(queries.handle(BalanceQuery{"ada", {}}), (Balance{"ada", 70, es::Version{3}}));
    EXPECT_EQ(queries.handle(BalanceQuery{"nobody", {}}), std::nullopt);
}

TEST_F(Handlers, AHistoryTellsTheBalanceAfterEachEvent) {
    commands.handle(OpenAccount{.account_id = "ada"});
    commands.handle(Deposit{"ada", 100, {}});
    commands.handle(Withdraw{"ada", 30, {}});
    auto const history = queries.handle(HistoryQuery{.account_id = "ada", .after = es::Version{1}, .limit = 2});
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].record.event_type, "MoneyDeposited");
    EXPECT_EQ(history[0].balance_after, 100);
    EXPECT_EQ(history[1].record.version, es::Version{3});
    EXPECT_EQ(history[1].balance_after, 70);
    EXPECT_EQ(queries.handle(HistoryQuery{.account_id = "ada", .limit = 1}).size(), 1U);
    EXPECT_TRUE(queries.handle(HistoryQuery{.account_id = "nobody"}).empty());
}

TEST_F(Handlers, BalancesComeInTheOrderOfBytes) {
    for (auto const* const id : {"b", "\xc3\xa9", "B", "a", "10", "9"}) {
        commands.handle(OpenAccount{.account_id = id});
    }
    std::vector<std::string> ids;
    for (auto const& balance : queries.handle(BalancesQuery{})) {
        ids.push_back(balance.account_id);
    }
    EXPECT_EQ(ids, (std::vector<std::string>{"10", "9", "B", "a", "b", "\xc3\xa9"}));
}

}  // namespace
}  // namespace bank
