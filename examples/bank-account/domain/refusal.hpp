#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace bank {

/// The bank says no: a rule of the business, no fault of the program. Nothing is stored. The library lets it pass
/// untouched.
class Refusal : public std::runtime_error {
public:
    /// A stable name, for reports and for callers in other languages.
    [[nodiscard]] std::string_view code() const noexcept { return code_; }

protected:
    Refusal(std::string_view code, std::string const& message) : std::runtime_error{message}, code_{code} {}

private:
    std::string_view code_;  // of static text
};

/// The balance, with the overdraft that was agreed at opening, does not cover it.
struct InsufficientFunds : Refusal {
    InsufficientFunds()
        : Refusal{"insufficient_funds", "the balance and the agreed overdraft do not cover the amount"} {}
};

/// The amount is not positive, or the balance would leave the range of 64-bit integers.
struct InvalidAmount : Refusal {
    explicit InvalidAmount(std::string const& message) : Refusal{"invalid_amount", message} {}
};

/// There is no such account.
struct UnknownAccount : Refusal {
    UnknownAccount() : Refusal{"unknown_account", "the account was never opened"} {}
};

/// The account is there already.
struct AlreadyOpen : Refusal {
    AlreadyOpen() : Refusal{"already_open", "the account is open already"} {}
};

/// A transfer needs two accounts.
struct SameAccount : Refusal {
    SameAccount() : Refusal{"same_account", "an account cannot transfer to itself"} {}
};

}  // namespace bank
