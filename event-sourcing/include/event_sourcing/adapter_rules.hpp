#pragma once

#include <event_sourcing/append_request.hpp>
#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/read_options.hpp>

#include <string>
#include <string_view>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE

// What every adapter that keeps events itself has to do alike; see docs/writing-an-adapter.md.

/// Whether the event passes both lists of the filter.
[[nodiscard]] inline bool matches(EventFilter const& filter, RecordedEventView const& event) {
    auto const wants = [](std::vector<std::string> const& wanted, std::string_view name) {
        for (auto const& one : wanted) {
            if (one == name) {
                return true;
            }
        }
        return wanted.empty();
    };
    return wants(filter.aggregate_types, event.aggregate_type) && wants(filter.event_types, event.event_type);
}

/// Whether a new event is the stored one sent again: same type, schema version and data; where the codec gave a
/// fingerprint, that in place of the data. Metadata and time do not count.
[[nodiscard]] inline bool same_payload(NewEvent const& sent, RecordedEventView const& stored,
                                       std::string_view stored_fingerprint) {
    return stored.event_type == sent.event_type && stored.schema_version == sent.schema_version &&
           stored_fingerprint == sent.fingerprint &&
           (!sent.fingerprint.empty() || (stored.format == sent.format && stored.data == sent.data));
}

/// Whether a stored event stands where the entry would put one: `earlier` is the version of the entry's event before
/// it, 0 for its first.
[[nodiscard]] inline bool same_place(AppendEntry const& entry, Version earlier, RecordedEventView const& stored) {
    return stored.aggregate() == entry.aggregate &&
           (earlier == Version{} ? entry.expected.accepts(Version{stored.version.value - 1})
                                 : stored.version == earlier.next());
}

/// The event as stored at its place; `now` where it does not bring a time of its own.
[[nodiscard]] inline RecordedEvent recorded(NewEvent const& event, AggregateRef aggregate, EntryResult const& place,
                                            Timestamp now) {
    RecordedEvent out;
    out.id = event.id;
    out.aggregate_type = aggregate.type;
    out.aggregate_id = aggregate.id;
    out.event_type = event.event_type;
    out.schema_version = event.schema_version;
    out.version = place.version;
    out.position = place.position;
    out.timestamp = event.timestamp.value_or(now);
    out.format = event.format;
    out.metadata = event.metadata;
    out.data = event.data;
    return out;
}

EVENT_SOURCING_END_NAMESPACE
