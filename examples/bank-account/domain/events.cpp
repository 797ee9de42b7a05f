#include "domain/events.hpp"

#include <event_sourcing/checked_get.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace bank {
namespace {

using event_sourcing::checked_get;
using Text = std::optional<std::string>;

void put(nlohmann::json& json, char const* member, Text const& text) {
    if (text) {
        json[member] = *text;
    }
}

}  // namespace

void to_json(nlohmann::json& json, AccountOpened const& event) {
    json["overdraft_limit"] = event.overdraft_limit ? nlohmann::json(*event.overdraft_limit) : nlohmann::json(nullptr);
    put(json, "owner", event.owner);
    put(json, "date", event.date);
}

void from_json(nlohmann::json const& json, AccountOpened& event) {
    event.owner = checked_get<Text>(json, "/owner");
    event.overdraft_limit = checked_get<std::optional<Money>>(json, "/overdraft_limit");
    event.date = checked_get<Text>(json, "/date");
}

void to_json(nlohmann::json& json, MoneyDeposited const& event) {
    json["amount"] = event.amount;
    put(json, "date", event.date);
}

void from_json(nlohmann::json const& json, MoneyDeposited& event) {
    event.amount = checked_get<Money>(json, "/amount");
    event.date = checked_get<Text>(json, "/date");
}

void to_json(nlohmann::json& json, MoneyWithdrawn const& event) {
    json["amount"] = event.amount;
    put(json, "date", event.date);
}

void from_json(nlohmann::json const& json, MoneyWithdrawn& event) {
    event.amount = checked_get<Money>(json, "/amount");
    event.date = checked_get<Text>(json, "/date");
}

void to_json(nlohmann::json& json, TransferSent const& event) {
    json["to"] = event.to;
    json["amount"] = event.amount;
    put(json, "date", event.date);
}

void from_json(nlohmann::json const& json, TransferSent& event) {
    event.to = checked_get<std::string>(json, "/to");
    event.amount = checked_get<Money>(json, "/amount");
    event.date = checked_get<Text>(json, "/date");
}

void to_json(nlohmann::json& json, TransferReceived const& event) {
    json["from"] = event.from;
    json["amount"] = event.amount;
    put(json, "date", event.date);
}

void from_json(nlohmann::json const& json, TransferReceived& event) {
    event.from = checked_get<std::string>(json, "/from");
    event.amount = checked_get<Money>(json, "/amount");
    event.date = checked_get<Text>(json, "/date");
}

}  // namespace bank
