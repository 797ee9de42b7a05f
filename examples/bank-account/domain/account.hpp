#pragma once

#include "domain/events.hpp"

#include <event_sourcing/aggregate.hpp>

#include <variant>

namespace bank {

/// The state of one account, folded from its history. It remembers what decisions need, and decides nothing itself.
struct Account {
    using Event = std::variant<AccountOpened, MoneyDeposited, MoneyWithdrawn, TransferSent, TransferReceived>;
    static constexpr std::string_view aggregate_type = "BankAccount";

    bool open = false;
    Money balance = 0;
    std::optional<Money> overdraft_limit{};  ///< none: unlimited
    std::optional<std::string> owner{};

    void apply(AccountOpened const& event) {
        open = true;
        owner = event.owner;
        overdraft_limit = event.overdraft_limit;
    }
    // No decision lets a balance overflow; `value()` stops at a history that was written past them.
    void apply(MoneyDeposited const& event) { balance = sum(balance, event.amount).value(); }
    void apply(MoneyWithdrawn const& event) { balance = difference(balance, event.amount).value(); }
    void apply(TransferSent const& event) { balance = difference(balance, event.amount).value(); }
    void apply(TransferReceived const& event) { balance = sum(balance, event.amount).value(); }

    bool operator==(Account const&) const = default;
};

static_assert(event_sourcing::Aggregate<Account>);

}  // namespace bank
