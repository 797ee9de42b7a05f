#pragma once

#include <event_sourcing/aggregate.hpp>
#include <event_sourcing/checked_get.hpp>
#include <event_sourcing/execute.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <variant>

// What can happen to an account: plain structs, each with the name under which it is stored.

struct Deposited {
    static constexpr std::string_view event_type = "Deposited";
    std::int64_t amount = 0;  // cents
};

struct Withdrawn {
    static constexpr std::string_view event_type = "Withdrawn";
    std::int64_t amount = 0;  // cents
};

inline void to_json(nlohmann::json& json, Deposited const& event) { json["amount"] = event.amount; }
inline void to_json(nlohmann::json& json, Withdrawn const& event) { json["amount"] = event.amount; }
inline void from_json(nlohmann::json const& json, Deposited& event) {
    event.amount = event_sourcing::checked_get<std::int64_t>(json, "/amount");
}
inline void from_json(nlohmann::json const& json, Withdrawn& event) {
    event.amount = event_sourcing::checked_get<std::int64_t>(json, "/amount");
}

// The state: it folds what has happened, and decides nothing.

struct Account {
    using Event = std::variant<Deposited, Withdrawn>;
    static constexpr std::string_view aggregate_type = "Account";

    std::int64_t balance = 0;

    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Withdrawn const& event) { balance -= event.amount; }
};

// The decisions: from a state to the event that is to be stored, or to a refusal.

struct InsufficientFunds : std::runtime_error {
    InsufficientFunds() : std::runtime_error{"insufficient funds"} {}
};

inline Withdrawn withdraw(Account const& account, std::int64_t amount) {
    if (amount <= 0) {
        throw std::invalid_argument{"an amount must be greater than zero"};
    }
    if (amount > account.balance) {
        throw InsufficientFunds{};
    }
    return {amount};
}

// What spans two accounts: both events are stored, or neither, on any store.

inline void transfer(event_sourcing::EventStore& store, std::string_view from, std::string_view to,
                     std::int64_t amount) {
    event_sourcing::execute(store, [&](event_sourcing::Session& session) {
        auto const source = session.load<Account>(from);
        auto const target = session.load<Account>(to);
        source.record(withdraw(*source, amount));
        target.record(Deposited{amount});
    });
}
