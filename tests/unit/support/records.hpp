#pragma once

#include <event_sourcing/event_store.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What a store holds, as values that a test can compare.
namespace records {

/// One aggregate's events, oldest first.
inline std::vector<event_sourcing::RecordedEvent> of(event_sourcing::EventStore const& store,
                                                     event_sourcing::AggregateRef aggregate) {
    std::vector<event_sourcing::RecordedEvent> out;
    store.read(aggregate, {},
               [&](event_sourcing::RecordedEventView const& event) { out.push_back(event_sourcing::to_owned(event)); });
    return out;
}

/// All events of the store, oldest first.
inline std::vector<event_sourcing::RecordedEvent> all(event_sourcing::EventStore const& store) {
    std::vector<event_sourcing::RecordedEvent> out;
    store.read_all(
        {}, [&](event_sourcing::RecordedEventView const& event) { out.push_back(event_sourcing::to_owned(event)); });
    return out;
}

/// `type data` of each of one aggregate's events.
inline std::vector<std::string> texts(event_sourcing::EventStore const& store, event_sourcing::AggregateRef aggregate) {
    std::vector<std::string> out;
    for (auto const& event : of(store, aggregate)) {
        out.push_back(event.event_type + " " + event.data);
    }
    return out;
}

/// An event as a store would hand it out, for codecs.
inline event_sourcing::RecordedEvent event(std::string type, int schema_version, std::string data) {
    event_sourcing::RecordedEvent out;
    out.id = event_sourcing::Uuid::parse("00000000-0000-4000-8000-0000000000aa");
    out.aggregate_type = "Account";
    out.aggregate_id = "alice";
    out.event_type = std::move(type);
    out.schema_version = schema_version;
    out.version = event_sourcing::Version{7};
    out.position = event_sourcing::Position{42};
    out.data = std::move(data);
    return out;
}

}  // namespace records
