#pragma once

#include "accounts.hpp"

#include <event_sourcing/timestamp.hpp>
#include <event_sourcing/uuid.hpp>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

/// Baseline (b): the in-memory store of event-sourcing-rs, re-created as a design in C++.
///
/// The rules of the re-creation: what the original does, we do, in the same order and as often, and nothing more. Where
/// it uses a library (JSON, UUIDs, times), the counterpart that this project uses does the same work. So the figures
/// compare designs and not languages: the original's own JSON library, serde_json, is several times faster than
/// nlohmann/json; docs/performance.md has a measurement of the original itself.
namespace event_sourcing::benchmarks {

/// The original's envelope: typed data, the event beside its own name once more, the version counted from 0.
struct OriginalEnvelope {
    Uuid id;
    std::string aggregate_id;
    std::string aggregate_type;
    AccountEvent data;
    std::string event_type;
    std::int64_t version = 0;
    Timestamp timestamp{};
};

/// The whole envelope as one flat JSON object, its event externally tagged: {"data":{"MoneyDeposited":{...}}, ...}.
inline void to_json(nlohmann::json& json, OriginalEnvelope const& envelope) {
    json["id"] = to_string(envelope.id);
    json["aggregate_id"] = envelope.aggregate_id;
    json["aggregate_type"] = envelope.aggregate_type;
    std::visit([&json]<class E>(E const& event) { json["data"][std::string{E::event_type}] = event; }, envelope.data);
    json["event_type"] = envelope.event_type;
    json["version"] = envelope.version;
    json["timestamp"] = event_sourcing::to_string(envelope.timestamp);
}

inline void from_json(nlohmann::json const& json, OriginalEnvelope& envelope) {
    envelope.id = Uuid::parse(json.at("id").get_ref<std::string const&>());
    json.at("aggregate_id").get_to(envelope.aggregate_id);
    json.at("aggregate_type").get_to(envelope.aggregate_type);
    auto const tagged = json.at("data").begin();
    if (tagged.key() == Withdrawn<std::string>::event_type) {
        envelope.data = tagged->get<Withdrawn<std::string>>();
    } else {
        envelope.data = tagged->get<Deposited<std::string>>();
    }
    json.at("event_type").get_to(envelope.event_type);
    json.at("version").get_to(envelope.version);
    envelope.timestamp = parse_timestamp(json.at("timestamp").get_ref<std::string const&>());
}

/// The original's store. Its map belongs to the process and is shared by all instances; one instance at a time is the
/// same.
class OriginalStore {
public:
    /// All envelopes of an aggregate; there is no other way to read. Each is parsed while the one mutex is held, as
    /// there.
    [[nodiscard]] std::vector<OriginalEnvelope> read(std::string const& aggregate_id) const {
        std::lock_guard const lock{mutex_};
        std::vector<OriginalEnvelope> out;
        if (auto const found = histories_.find(aggregate_id); found != histories_.end()) {
            out.reserve(found->second.size());  // the original's collect() knows the size as well
            for (auto const& text : found->second) {
                out.push_back(nlohmann::json::parse(text).get<OriginalEnvelope>());
            }
        }
        return out;
    }

    /// Adds one envelope; there is no way to add several. Reads the history, joins the new envelope to a copy of it,
    /// writes every envelope as JSON again and puts the new list in the place of the old one. The version is not looked
    /// at.
    void persist(OriginalEnvelope const& envelope) {
        auto const before = read(envelope.aggregate_id);
        std::vector<OriginalEnvelope> joined;  // the original's concat() copies what it joins
        joined.reserve(before.size() + 1);
        joined.assign(before.begin(), before.end());
        joined.push_back(envelope);
        std::vector<std::string> texts;
        texts.reserve(joined.size());
        for (auto const& each : joined) {
            texts.push_back(nlohmann::json(each).dump());
        }
        std::lock_guard const lock{mutex_};
        histories_.insert_or_assign(envelope.aggregate_id, std::move(texts));
    }

    /// Puts a whole history in place, for the preparation of a workload: persisting it would take quadratic time.
    void prepare(std::string const& aggregate_id, std::vector<std::string> texts) {
        histories_.insert_or_assign(aggregate_id, std::move(texts));
    }

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::vector<std::string>> histories_;
};

/// An envelope as the original's command handlers make it: a random id, the time of now.
[[nodiscard]] inline OriginalEnvelope original_envelope(std::string const& aggregate_id, std::int64_t version,
                                                        AccountEvent event) {
    auto name = std::visit([]<class E>(E const&) { return std::string{E::event_type}; }, event);
    return {.id = Uuid::v7(),
            .aggregate_id = aggregate_id,
            .aggregate_type = std::string{Account::aggregate_type},
            .data = std::move(event),
            .event_type = std::move(name),
            .version = version,
            .timestamp = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
}

/// The state, as the original's handlers get it: read all, take the events out, fold them.
[[nodiscard]] inline Account original_fold(std::vector<OriginalEnvelope> envelopes) {
    std::vector<AccountEvent> events;
    events.reserve(envelopes.size());
    for (auto& envelope : envelopes) {
        events.push_back(std::move(envelope.data));
    }
    return fold<Account>(events);
}

/// A command as the original's handlers run it: read, fold, decide, persist (which reads once more).
inline void original_command(OriginalStore& store, std::string const& aggregate_id, AccountEvent event) {
    auto envelopes = store.read(aggregate_id);
    auto const version = static_cast<std::int64_t>(envelopes.size());
    auto state = original_fold(std::move(envelopes));
    event_sourcing::apply(state, event);
    benchmark::DoNotOptimize(state.balance);
    store.persist(original_envelope(aggregate_id, version, std::move(event)));
}

}  // namespace event_sourcing::benchmarks
