#pragma once

#include <event_sourcing/event_sourcing.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

// [events]
struct Opened {
    static constexpr std::string_view event_type = "AccountOpened";
    std::string owner;
};

struct Deposited {
    static constexpr std::string_view event_type = "MoneyDeposited";
    std::int64_t amount;  // in cents
};

struct Withdrawn {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
    std::int64_t amount;  // in cents
};
// [events]

// [json]
inline void to_json(nlohmann::json& json, Opened const& event) { json = {{"owner", event.owner}}; }
inline void from_json(nlohmann::json const& json, Opened& event) {
    event.owner = event_sourcing::checked_get<std::string>(json, "/owner");
}

inline void to_json(nlohmann::json& json, Deposited const& event) { json = {{"amount", event.amount}}; }
inline void from_json(nlohmann::json const& json, Deposited& event) {
    event.amount = event_sourcing::checked_get<std::int64_t>(json, "/amount");
}

inline void to_json(nlohmann::json& json, Withdrawn const& event) { json = {{"amount", event.amount}}; }
inline void from_json(nlohmann::json const& json, Withdrawn& event) {
    event.amount = event_sourcing::checked_get<std::int64_t>(json, "/amount");
}
// [json]

// [aggregate]
struct Account {
    using Event = std::variant<Opened, Deposited, Withdrawn>;
    static constexpr std::string_view aggregate_type = "Account";

    bool is_open = false;
    std::int64_t balance = 0;

    void apply(Opened const&) { is_open = true; }
    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Withdrawn const& event) { balance -= event.amount; }
};
// [aggregate]

// [decisions]
struct Refusal : std::domain_error {
    using std::domain_error::domain_error;
};

inline Opened open(Account const& account, std::string owner) {
    if (account.is_open) throw Refusal{"the account is open already"};
    return {std::move(owner)};
}

inline Deposited deposit(Account const& account, std::int64_t amount) {
    if (!account.is_open) throw Refusal{"there is no such account"};
    if (amount <= 0) throw Refusal{"the amount must be positive"};
    if (amount > std::numeric_limits<std::int64_t>::max() - account.balance) throw Refusal{"the amount is too large"};
    return {amount};
}

inline Withdrawn withdraw(Account const& account, std::int64_t amount) {
    if (!account.is_open) throw Refusal{"there is no such account"};
    if (amount <= 0) throw Refusal{"the amount must be positive"};
    if (amount > account.balance) throw Refusal{"insufficient funds"};
    return {amount};
}
// [decisions]

// [snapshot-json]
inline void to_json(nlohmann::json& json, Account const& account) {
    json = {{"is_open", account.is_open}, {"balance", account.balance}};
}
inline void from_json(nlohmann::json const& json, Account& account) {
    account.is_open = event_sourcing::checked_get<bool>(json, "/is_open");
    account.balance = event_sourcing::checked_get<std::int64_t>(json, "/balance");
}
// [snapshot-json]
