#pragma once

#include <event_sourcing/event_store.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace mutants {

using namespace event_sourcing;

/// A copy of an append request that a broken store can change.
struct Request {
    struct Entry {
        std::string type;
        std::string id;
        ExpectedVersion expected = ExpectedVersion::any();
        std::vector<NewEvent> events;

        [[nodiscard]] AggregateRef aggregate() const { return {type, id}; }
    };

    explicit Request(AppendRequest const& from) {
        for (auto const& entry : from.entries) {
            entries.push_back({std::string{entry.aggregate.type},
                               std::string{entry.aggregate.id},
                               entry.expected,
                               {entry.events.begin(), entry.events.end()}});
        }
    }

    /// Calls `change(NewEvent&)` for each event.
    template <class Change>
    Request& each(Change change) {
        for (auto& entry : entries) {
            std::ranges::for_each(entry.events, change);
        }
        return *this;
    }

    AppendResult send(EventStore& store) const {
        std::vector<AppendEntry> views;
        for (auto const& entry : entries) {
            views.push_back({entry.aggregate(), entry.expected, entry.events});
        }
        return store.append({.entries = views});
    }

    std::vector<Entry> entries;
};

[[nodiscard]] inline bool is_known(EventStore const& store, Uuid id) {
    return store.find(std::span{&id, 1}, [](RecordedEventView const&) {});
}

[[nodiscard]] inline Version version_of(EventStore const& store, AggregateRef aggregate) {
    return store.read(aggregate, {.limit = 0}, [](RecordedEventView const&) {});
}

/// What an append of these entries would have answered, for stores that say yes to everything.
[[nodiscard]] inline AppendResult pretended(EventStore const& store, Request const& request) {
    AppendResult out;
    for (auto const& entry : request.entries) {
        auto const version = entry.type.empty() || entry.id.empty() ? Version{} : version_of(store, entry.aggregate());
        out.entries.push_back({Version{version.value + static_cast<std::int64_t>(entry.events.size())}, Position{1}});
    }
    return out;
}

}  // namespace mutants
