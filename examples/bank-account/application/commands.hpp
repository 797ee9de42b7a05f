#pragma once

#include "domain/decisions.hpp"

#include <string>

namespace bank {

// What can be asked of the bank. Whether it happens is decided by domain/decisions.hpp.

struct OpenAccount {
    std::string account_id{};
    std::optional<std::string> owner{};
    std::optional<Money> overdraft_limit = 0;  ///< none: unlimited
    Date date{};
};

struct Deposit {
    std::string account_id{};
    Money amount{};
    Date date{};
};

struct Withdraw {
    std::string account_id{};
    Money amount{};
    Date date{};
};

struct Transfer {
    std::string from{};
    std::string to{};
    Money amount{};
    Date date{};
};

}  // namespace bank
