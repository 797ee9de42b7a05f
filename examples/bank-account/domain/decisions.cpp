#include "domain/decisions.hpp"

#include "domain/refusal.hpp"

#include <utility>

namespace bank {
namespace {

void require_payable(Account const& account, Money amount) {
    if (!account.open) {
        throw UnknownAccount{};
    }
    if (amount <= 0) {
        throw InvalidAmount{"an amount must be greater than zero"};
    }
}

void require_room_for(Account const& account, Money amount) {
    require_payable(account, amount);
    if (!sum(account.balance, amount)) {
        throw InvalidAmount{"the balance would be above the largest amount that can be kept"};
    }
}

void require_funds_for(Account const& account, Money amount) {
    require_payable(account, amount);
    auto const left = difference(account.balance, amount);
    if (!left) {
        throw InvalidAmount{"the balance would be below the smallest amount that can be kept"};
    }
    if (account.overdraft_limit && *left < 0 && sum(*left, *account.overdraft_limit).value_or(-1) < 0) {
        throw InsufficientFunds{};
    }
}

}  // namespace

AccountOpened open(Account const& account, std::optional<std::string> owner, std::optional<Money> overdraft_limit,
                   Date date) {
    if (account.open) {
        throw AlreadyOpen{};
    }
    if (overdraft_limit && *overdraft_limit < 0) {
        throw InvalidAmount{"an overdraft limit must not be negative"};
    }
    return {.owner = std::move(owner), .overdraft_limit = overdraft_limit, .date = std::move(date)};
}

MoneyDeposited deposit(Account const& account, Money amount, Date date) {
    require_room_for(account, amount);
    return {.amount = amount, .date = std::move(date)};
}

MoneyWithdrawn withdraw(Account const& account, Money amount, Date date) {
    require_funds_for(account, amount);
    return {.amount = amount, .date = std::move(date)};
}

TransferSent send(Account const& account, std::string_view to, Money amount, Date date) {
    require_funds_for(account, amount);
    return {.to = std::string{to}, .amount = amount, .date = std::move(date)};
}

TransferReceived receive(Account const& account, std::string_view from, Money amount, Date date) {
    require_room_for(account, amount);
    return {.from = std::string{from}, .amount = amount, .date = std::move(date)};
}

TransferEvents transfer(Party from, Party to, Money amount, Date date) {
    if (from.id == to.id) {
        throw SameAccount{};
    }
    return {.sent = send(from.account, to.id, amount, date), .received = receive(to.account, from.id, amount, date)};
}

}  // namespace bank
