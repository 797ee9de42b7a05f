#pragma once

#include <event_sourcing/checked_get.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

/// A small domain for tests of the core: nothing of it lies in the library's namespace.
namespace bank {

struct Opened {
    static constexpr std::string_view event_type = "AccountOpened";
    std::string owner;
    bool operator==(Opened const&) const = default;
};

struct Deposited {
    static constexpr std::string_view event_type = "MoneyDeposited";
    std::int64_t amount = 0;
    bool operator==(Deposited const&) const = default;
};

struct Withdrawn {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
    std::int64_t amount = 0;
    bool operator==(Withdrawn const&) const = default;
};

struct Closed {
    static constexpr std::string_view event_type = "AccountClosed";
    bool operator==(Closed const&) const = default;
};

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

using AccountEvent = std::variant<Opened, Deposited, Withdrawn, Closed>;

struct Account {
    using Event = AccountEvent;
    static constexpr std::string_view aggregate_type = "Account";

    std::string owner{};
    std::int64_t balance = 0;
    bool open = false;

    void apply(Opened const& event) {
        owner = event.owner;
        open = true;
    }
    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Withdrawn const& event) { balance -= event.amount; }
    void apply(Closed const& /*event*/) { open = false; }

    bool operator==(Account const&) const = default;
};

inline void to_json(nlohmann::json& json, Account const& account) {
    json = {{"owner", account.owner}, {"balance", account.balance}, {"open", account.open}};
}
inline void from_json(nlohmann::json const& json, Account& account) {
    account.owner = event_sourcing::checked_get<std::string>(json, "/owner");
    account.balance = event_sourcing::checked_get<std::int64_t>(json, "/balance");
    account.open = event_sourcing::checked_get<bool>(json, "/open");
}

/// A refusal of the domain, which the library knows nothing of.
struct InsufficientFunds : std::runtime_error {
    InsufficientFunds() : std::runtime_error{"insufficient funds"} {}
};

}  // namespace bank
