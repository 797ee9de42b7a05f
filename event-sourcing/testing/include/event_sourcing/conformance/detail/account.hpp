#pragma once

#include <event_sourcing/checked_get.hpp>
#include <event_sourcing/repository.hpp>

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <variant>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance::detail {

/// The aggregate that the cases run commands on.
struct Opened {
    static constexpr std::string_view event_type = "Opened";
};
struct Deposited {
    static constexpr std::string_view event_type = "Deposited";
    std::int64_t amount = 0;
};
struct Withdrawn {
    static constexpr std::string_view event_type = "Withdrawn";
    std::int64_t amount = 0;
};

inline void to_json(nlohmann::json& json, Deposited const& event) { json = {{"amount", event.amount}}; }
inline void from_json(nlohmann::json const& json, Deposited& event) {
    event.amount = checked_get<std::int64_t>(json, "/amount");
}
inline void to_json(nlohmann::json& json, Withdrawn const& event) { json = {{"amount", event.amount}}; }
inline void from_json(nlohmann::json const& json, Withdrawn& event) {
    event.amount = checked_get<std::int64_t>(json, "/amount");
}

struct Account {
    using Event = std::variant<Opened, Deposited, Withdrawn>;
    static constexpr std::string_view aggregate_type = "Account";

    void apply(Opened const&) { open = true; }
    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Withdrawn const& event) { balance -= event.amount; }
    void apply(ShreddedEvent const&) { ++shredded; }

    bool operator==(Account const&) const = default;

    std::int64_t balance = 0;
    std::int64_t shredded = 0;
    bool open = false;
};

inline void to_json(nlohmann::json& json, Account const& state) {
    json = {{"balance", state.balance}, {"shredded", state.shredded}, {"open", state.open}};
}
inline void from_json(nlohmann::json const& json, Account& state) {
    state.balance = checked_get<std::int64_t>(json, "/balance");
    state.shredded = checked_get<std::int64_t>(json, "/shredded");
    state.open = checked_get<bool>(json, "/open");
}

/// What a decision throws when it says no.
struct InsufficientFunds : std::runtime_error {
    InsufficientFunds() : std::runtime_error{"insufficient funds"} {}
};

/// Tries again so often, and never waits.
[[nodiscard]] inline CommandOptions at_once(int attempts) {
    return {.retry = {.attempts = attempts}, .sources = {.pause = [](std::chrono::microseconds) {}}};
}

[[nodiscard]] inline Repository<Account> accounts(EventStore& store, int attempts = 10) {
    return Repository<Account>{store, {.command = at_once(attempts)}};
}

/// A decision that always wants the event.
template <class Event>
[[nodiscard]] auto always(Event event) {
    return [event](Account const&) { return event; };
}

/// Takes the amount out if it is there.
[[nodiscard]] inline auto withdraw(std::int64_t amount) {
    return [amount](Account const& account) {
        if (account.balance < amount) {
            throw InsufficientFunds{};
        }
        return Withdrawn{amount};
    };
}

/// Another writer's deposit, behind the back of the command under test.
inline void deposit_meanwhile(EventStore& store, AggregateRef aggregate, std::int64_t amount) {
    append(store, aggregate, ExpectedVersion::any(),
           {NewEvent{.event_type = "Deposited", .data = "{\"amount\":" + std::to_string(amount) + "}"}});
}

}  // namespace conformance::detail
EVENT_SOURCING_END_NAMESPACE
