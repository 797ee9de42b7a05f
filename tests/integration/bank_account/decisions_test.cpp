#include "domain/decisions.hpp"

#include "domain/refusal.hpp"

#include <event_sourcing/testing/given.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <vector>

namespace bank {
namespace {

using event_sourcing::testing::given;

constexpr auto most = std::numeric_limits<Money>::max();
constexpr auto least = std::numeric_limits<Money>::min();

AccountOpened opened(std::optional<Money> overdraft_limit = 0) { return {.overdraft_limit = overdraft_limit}; }
MoneyDeposited deposited(Money amount) { return {.amount = amount}; }
MoneyWithdrawn withdrawn(Money amount) { return {.amount = amount}; }

auto depositing(Money amount) {
    return [amount](Account const& account) { return deposit(account, amount); };
}
auto withdrawing(Money amount) {
    return [amount](Account const& account) { return withdraw(account, amount); };
}

TEST(Opening, RecordsOwnerLimitAndDate) {
    given<Account>()
        .when([](Account const& account) { return open(account, "Ada", 500, "2024-02-29"); })
        .then(AccountOpened{.owner = "Ada", .overdraft_limit = 500, .date = "2024-02-29"});
}

TEST(Opening, IsRefusedTheSecondTime) {
    given<Account>(opened())
        .when([](Account const& account) { return open(account, "Ada", 0); })
        .then_throws<AlreadyOpen>();
}

TEST(Opening, RefusesANegativeOverdraftLimit) {
    given<Account>().when([](Account const& account) { return open(account, {}, -1); }).then_throws<InvalidAmount>();
}

TEST(Depositing, RaisesTheBalance) {
    given<Account>(opened(), deposited(40))
        .when(depositing(2))
        .then(deposited(2))
        .then_state([](Account const& account) { return account.balance == 42; });
}

TEST(Depositing, NeedsAnAccount) { given<Account>().when(depositing(1)).then_throws<UnknownAccount>(); }

TEST(Depositing, RefusesZeroAndNegativeAmounts) {
    for (Money const amount : {Money{0}, Money{-1}, least}) {
        given<Account>(opened()).when(depositing(amount)).then_throws<InvalidAmount>();
    }
}

TEST(Depositing, FillsTheAccountToTheLastUnitAndNotBeyond) {
    given<Account>(opened(), deposited(most - 1)).when(depositing(1)).then(deposited(1));
    given<Account>(opened(), deposited(most)).when(depositing(1)).then_throws<InvalidAmount>();
}

TEST(Withdrawing, LowersTheBalance) {
    given<Account>(opened(), deposited(42))
        .when(withdrawing(42))
        .then(withdrawn(42))
        .then_state([](Account const& account) { return account.balance == 0; });
}

TEST(Withdrawing, NeedsAnAccount) { given<Account>().when(withdrawing(1)).then_throws<UnknownAccount>(); }

TEST(Withdrawing, RefusesZeroAndNegativeAmounts) {
    for (Money const amount : {Money{0}, Money{-1}, least}) {
        given<Account>(opened(std::nullopt)).when(withdrawing(amount)).then_throws<InvalidAmount>();
    }
}

TEST(Withdrawing, RefusesWhatTheBalanceDoesNotCover) {
    given<Account>(opened(), deposited(42)).when(withdrawing(43)).then_throws<InsufficientFunds>();
}

TEST(Withdrawing, MayGoAsFarAsTheAgreedOverdraftAndNotBeyond) {
    given<Account>(opened(100), deposited(1)).when(withdrawing(101)).then(withdrawn(101));
    given<Account>(opened(100), deposited(1)).when(withdrawing(102)).then_throws<InsufficientFunds>();
    given<Account>(opened(100), deposited(1), withdrawn(101)).when(withdrawing(1)).then_throws<InsufficientFunds>();
}

TEST(Withdrawing, HasNoLimitWhereNoneWasAgreed) {
    given<Account>(opened(std::nullopt)).when(withdrawing(most)).then(withdrawn(most));
}

TEST(Withdrawing, EmptiesTheAccountToTheLastUnitAndNotBeyond) {
    given<Account>(opened(std::nullopt), withdrawn(most)).when(withdrawing(1)).then(withdrawn(1));
    given<Account>(opened(std::nullopt), withdrawn(most), withdrawn(1))
        .when(withdrawing(1))
        .then_throws<InvalidAmount>();
}

TEST(Sending, FollowsTheRulesOfAWithdrawal) {
    auto const sending = [](Money amount) {
        return [amount](Account const& account) { return send(account, "bob", amount, "2024-01-02"); };
    };
    given<Account>(opened(), deposited(9))
        .when(sending(9))
        .then(TransferSent{.to = "bob", .amount = 9, .date = "2024-01-02"});
    given<Account>(opened(), deposited(9)).when(sending(10)).then_throws<InsufficientFunds>();
    given<Account>(opened(), deposited(9)).when(sending(0)).then_throws<InvalidAmount>();
    given<Account>().when(sending(1)).then_throws<UnknownAccount>();
}

TEST(Receiving, FollowsTheRulesOfADeposit) {
    auto const receiving = [](Money amount) {
        return [amount](Account const& account) { return receive(account, "ada", amount); };
    };
    given<Account>(opened()).when(receiving(9)).then(TransferReceived{.from = "ada", .amount = 9});
    given<Account>(opened(), deposited(most)).when(receiving(1)).then_throws<InvalidAmount>();
    given<Account>().when(receiving(1)).then_throws<UnknownAccount>();
}

TEST(Transferring, GivesBothHalves) {
    Account const ada{.open = true, .balance = 100, .overdraft_limit = 0};
    Account const bob{.open = true};
    auto const [sent, received] = transfer({"ada", ada}, {"bob", bob}, 60, "2024-01-02");
    EXPECT_EQ(sent, (TransferSent{.to = "bob", .amount = 60, .date = "2024-01-02"}));
    EXPECT_EQ(received, (TransferReceived{.from = "ada", .amount = 60, .date = "2024-01-02"}));
}

TEST(Transferring, IsRefusedToTheSameAccount) {
    Account const ada{.open = true, .balance = 100};
    EXPECT_THROW(static_cast<void>(transfer({"ada", ada}, {"ada", ada}, 60)), SameAccount);
}

TEST(AnAccount, CountsTransfersInItsBalance) {
    auto const account = event_sourcing::fold<Account>(std::vector<Account::Event>{
        opened(), TransferReceived{.from = "bob", .amount = 50}, TransferSent{.to = "eve", .amount = 20}});
    EXPECT_EQ(account.balance, 30);
}

TEST(ARefusal, HasAStableCode) {
    EXPECT_EQ(InsufficientFunds{}.code(), "insufficient_funds");
    EXPECT_EQ(InvalidAmount{"why"}.code(), "invalid_amount");
    EXPECT_EQ(UnknownAccount{}.code(), "unknown_account");
    EXPECT_EQ(AlreadyOpen{}.code(), "already_open");
    EXPECT_EQ(SameAccount{}.code(), "same_account");
}

}  // namespace
}  // namespace bank
