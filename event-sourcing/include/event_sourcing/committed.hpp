#pragma once

#include <event_sourcing/append_request.hpp>

#include <algorithm>
#include <string>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE

/// An aggregate that a command wrote, and where that left it.
struct WrittenAggregate {
    std::string aggregate_type{};  ///< its type
    std::string aggregate_id{};    ///< its id
    Version version{};             ///< of its last event by this command
    Position position{};           ///< of that event

    /// Equal when every member is.
    bool operator==(WrittenAggregate const&) const = default;
};

/// What a command stored.
struct Committed {
    std::vector<WrittenAggregate> written{};  ///< in the order of their first event; empty where nothing was recorded
    bool replayed = false;                    ///< the command had been done before; this is what it stored then

    /// The position of its last event; 0 where nothing was recorded.
    [[nodiscard]] Position position() const noexcept {
        Position last;
        for (auto const& aggregate : written) {
            last = std::max(last, aggregate.position);
        }
        return last;
    }

    /// What became of one aggregate; null where the command did not write it. Lifetime: refers to this object.
    [[nodiscard]] WrittenAggregate const* find(AggregateRef aggregate) const noexcept {
        auto const found = std::ranges::find_if(written, [&](WrittenAggregate const& candidate) {
            return candidate.aggregate_type == aggregate.type && candidate.aggregate_id == aggregate.id;
        });
        return found == written.end() ? nullptr : &*found;
    }

    /// Equal when both members are.
    bool operator==(Committed const&) const = default;
};

EVENT_SOURCING_END_NAMESPACE
