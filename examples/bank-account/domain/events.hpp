#pragma once

#include "domain/money.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bank {

// What has happened to an account. `event_type` is the stored name and never changes; `date` is the day that the bank
// gives to it (YYYY-MM-DD), while the envelope's timestamp says when it was stored.

struct AccountOpened {
    static constexpr std::string_view event_type = "AccountOpened";
    std::optional<std::string> owner{};
    std::optional<Money> overdraft_limit{};  ///< how far below zero the balance may go; none: as far as it likes
    std::optional<std::string> date{};
    bool operator==(AccountOpened const&) const = default;
};

struct MoneyDeposited {
    static constexpr std::string_view event_type = "MoneyDeposited";
    Money amount{};
    std::optional<std::string> date{};
    bool operator==(MoneyDeposited const&) const = default;
};

struct MoneyWithdrawn {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
    Money amount{};
    std::optional<std::string> date{};
    bool operator==(MoneyWithdrawn const&) const = default;
};

struct TransferSent {
    static constexpr std::string_view event_type = "TransferSent";
    std::string to{};  ///< the account that received it
    Money amount{};
    std::optional<std::string> date{};
    bool operator==(TransferSent const&) const = default;
};

struct TransferReceived {
    static constexpr std::string_view event_type = "TransferReceived";
    std::string from{};  ///< the account that sent it
    Money amount{};
    std::optional<std::string> date{};
    bool operator==(TransferReceived const&) const = default;
};

// How they are stored. Reading refuses a member that is absent, of another type or out of range.
void to_json(nlohmann::json& json, AccountOpened const& event);
void from_json(nlohmann::json const& json, AccountOpened& event);
void to_json(nlohmann::json& json, MoneyDeposited const& event);
void from_json(nlohmann::json const& json, MoneyDeposited& event);
void to_json(nlohmann::json& json, MoneyWithdrawn const& event);
void from_json(nlohmann::json const& json, MoneyWithdrawn& event);
void to_json(nlohmann::json& json, TransferSent const& event);
void from_json(nlohmann::json const& json, TransferSent& event);
void to_json(nlohmann::json& json, TransferReceived const& event);
void from_json(nlohmann::json const& json, TransferReceived& event);

}  // namespace bank
