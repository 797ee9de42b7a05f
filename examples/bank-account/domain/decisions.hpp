#pragma once

#include "domain/account.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bank {

// The rules of the bank as pure functions: from an account as it is, and what is asked of it, to the event that records
// it, or to a Refusal. No store, no clock, nothing to set up in a test.

using Date = std::optional<std::string>;  ///< the business date, YYYY-MM-DD, where there is one

/// @throws AlreadyOpen; @throws InvalidAmount  the overdraft limit is negative.
[[nodiscard]] AccountOpened open(Account const& account, std::optional<std::string> owner,
                                 std::optional<Money> overdraft_limit, Date date = {});

/// @throws UnknownAccount, InvalidAmount
[[nodiscard]] MoneyDeposited deposit(Account const& account, Money amount, Date date = {});

/// @throws UnknownAccount, InvalidAmount, InsufficientFunds
[[nodiscard]] MoneyWithdrawn withdraw(Account const& account, Money amount, Date date = {});

/// The sender's half of a transfer. @throws UnknownAccount, InvalidAmount, InsufficientFunds
[[nodiscard]] TransferSent send(Account const& account, std::string_view to, Money amount, Date date = {});

/// The receiver's half of a transfer. @throws UnknownAccount, InvalidAmount
[[nodiscard]] TransferReceived receive(Account const& account, std::string_view from, Money amount, Date date = {});

/// An account and the id it goes by.
struct Party {
    std::string_view id;
    Account const& account;
};

/// Both halves of a transfer: they are stored together, or not at all.
struct TransferEvents {
    TransferSent sent;
    TransferReceived received;
};

/// @throws SameAccount; @throws UnknownAccount, InvalidAmount, InsufficientFunds  as `send` and `receive`.
[[nodiscard]] TransferEvents transfer(Party from, Party to, Money amount, Date date = {});

}  // namespace bank
