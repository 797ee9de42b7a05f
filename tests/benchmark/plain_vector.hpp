#pragma once

#include "accounts.hpp"

#include <event_sourcing/clock.hpp>
#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/new_event.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// Baseline (a): what a program does that needs a list of events and no store.
///
/// There is no check of versions, no idempotency, no limits and no snapshot of a read: the lock is held while events
/// are visited, since a vector that grows moves its elements.
namespace event_sourcing::benchmarks {

/// Makes the stored form of an event: the same fields that a store keeps, with the time of now. The texts are moved.
[[nodiscard]] inline RecordedEvent recorded(AggregateRef aggregate, Version version, NewEvent&& event) {
    RecordedEvent out;
    out.id = event.id;
    out.aggregate_type = aggregate.type;
    out.aggregate_id = aggregate.id;
    out.event_type = std::move(event.event_type);
    out.schema_version = event.schema_version;
    out.version = version;
    out.timestamp = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    out.format = event.format;
    out.metadata = std::move(event.metadata);
    out.data = std::move(event.data);
    return out;
}

/// All events in one vector under one mutex: for appends and for reads of everything.
class PlainVector {
public:
    /// The caller knows the version of the aggregate and says where its events stand.
    void append(AggregateRef aggregate, Version version, std::span<NewEvent> events) {
        std::lock_guard const lock{mutex_};
        for (auto& event : events) {
            auto stored = recorded(aggregate, version, std::move(event));
            stored.position = Position{static_cast<std::int64_t>(events_.size()) + 1};
            events_.push_back(std::move(stored));
            version = version.next();
        }
    }

    template <class Visit>
    void read_all(Visit visit) const {
        std::lock_guard const lock{mutex_};
        for (auto const& event : events_) {
            visit(event);
        }
    }

private:
    mutable std::mutex mutex_;
    std::vector<RecordedEvent> events_;
};

/// Looks up a text without making a string of it.
struct TextHash {
    using is_transparent = void;
    [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};

/// One vector for each aggregate, in a hash map under one mutex: for reads of one history and for commands.
class PlainHistories {
public:
    void append(AggregateRef aggregate, NewEvent&& event) {
        std::lock_guard const lock{mutex_};
        append_unlocked(aggregate, std::move(event));
    }

    template <class Visit>
    void read(std::string_view id, Visit visit) const {
        std::lock_guard const lock{mutex_};
        read_unlocked(id, visit);
    }

    /// Folds, decides and stores under the lock: without a check of versions nothing else is correct.
    template <class Run>
    void command(Run run) {
        std::lock_guard const lock{mutex_};
        run();
    }

    /// As `read`, for use in `command`.
    template <class Visit>
    void read_unlocked(std::string_view id, Visit visit) const {
        if (auto const found = histories_.find(id); found != histories_.end()) {
            for (auto const& event : found->second) {
                visit(event);
            }
        }
    }

    /// As `append`, for use in `command`.
    void append_unlocked(AggregateRef aggregate, NewEvent&& event) {
        auto found = histories_.find(aggregate.id);
        if (found == histories_.end()) {
            found = histories_.try_emplace(std::string{aggregate.id}).first;
        }
        auto& history = found->second;
        auto const version = Version{static_cast<std::int64_t>(history.size()) + 1};
        history.push_back(recorded(aggregate, version, std::move(event)));
        history.back().position = Position{++positions_};
    }

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::vector<RecordedEvent>, TextHash, std::equal_to<>> histories_;
    std::int64_t positions_ = 0;
};

/// The events in one vector, and where each id stands in a hash map, both under one mutex: for look-ups by id.
class PlainIndex {
public:
    void append(RecordedEvent event) {
        std::lock_guard const lock{mutex_};
        places_.emplace(event.id, events_.size());
        events_.push_back(std::move(event));
    }

    template <class Visit>
    bool find(Uuid id, Visit visit) const {
        std::lock_guard const lock{mutex_};
        auto const found = places_.find(id);
        if (found == places_.end()) {
            return false;
        }
        visit(events_[found->second]);
        return true;
    }

private:
    struct IdHash {
        [[nodiscard]] std::size_t operator()(Uuid const& id) const noexcept {
            auto const halves = std::bit_cast<std::array<std::uint64_t, 2>>(id.bytes);
            return static_cast<std::size_t>(halves[0] ^ (halves[1] * 0x9E3779B97F4A7C15U));
        }
    };

    mutable std::mutex mutex_;
    std::vector<RecordedEvent> events_;
    std::unordered_map<Uuid, std::size_t, IdHash> places_;
};

/// Decodes as a program without a codec does: by the stored name, `parse` and `get`, nothing checked beforehand.
[[nodiscard]] inline AccountEvent plain_decode(std::string_view event_type, std::string_view data) {
    auto const json = nlohmann::json::parse(data);
    if (event_type == Withdrawn<std::string>::event_type) {
        return json.get<Withdrawn<std::string>>();
    }
    return json.get<Deposited<std::string>>();
}

/// The event as a program without a codec would make it.
[[nodiscard]] inline NewEvent plain_encode(AccountEvent const& event) {
    return std::visit(
        []<class E>(E const& alternative) {
            return NewEvent{.event_type = std::string{E::event_type}, .data = nlohmann::json(alternative).dump()};
        },
        event);
}

}  // namespace event_sourcing::benchmarks
