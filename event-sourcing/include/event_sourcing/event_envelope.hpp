#pragma once

#include <event_sourcing/aggregate_ref.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/position.hpp>
#include <event_sourcing/timestamp.hpp>
#include <event_sourcing/uuid.hpp>
#include <event_sourcing/version.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// How the encoded data of an event is written: decides in which column a database keeps it.
enum class DataFormat : std::uint8_t {
    json,    ///< JSON text, kept byte for byte
    binary,  ///< any bytes
};

/// What is known of a stored event besides its data; `Str` is `std::string` where it owns and `std::string_view` where
/// not.
template <class Str>
struct EventHeader {
    Uuid id{};                             ///< the event's own id, unique in the store
    Str aggregate_type{};                  ///< the type of the aggregate it belongs to
    Str aggregate_id{};                    ///< the id of the aggregate it belongs to
    Str event_type{};                      ///< the stored name of the event
    int schema_version = 1;                ///< the version of the shape of its data, from 1
    Version version{};                     ///< its number in the aggregate's history, from 1
    Position position{};                   ///< its place in the store; 0 where the source does not know it
    Timestamp timestamp{};                 ///< when it was stored, UTC
    DataFormat format = DataFormat::json;  ///< how the data is encoded
    Str metadata{};                        ///< a JSON object as text, or empty for none; see Metadata

    /// The aggregate it belongs to; refers to this header's text.
    [[nodiscard]] AggregateRef aggregate() const noexcept { return {aggregate_type, aggregate_id}; }

    /// Equal when every member is.
    bool operator==(EventHeader const&) const = default;
};

/// An event with all that is known of it: one template for the owning, the viewing and the typed form.
template <class Data, class Str = std::string>
struct EventEnvelope : EventHeader<Str> {
    Data data{};  ///< the event: encoded (RecordedEvent, RecordedEventView) or decoded

    /// Equal when header and data are.
    bool operator==(EventEnvelope const&) const = default;
};

/// A typed envelope that refers to its event: what a handler gets.
template <class Event, class Str>
struct EventEnvelope<Event const&, Str> : EventHeader<Str> {
    Event const& data;  ///< the decoded event, valid during the call
};

/// A stored event that owns its text.
using RecordedEvent = EventEnvelope<std::string>;
/// A stored event as views, valid during the call that hands it out; copy it with `to_owned` to keep it.
using RecordedEventView = EventEnvelope<std::string_view, std::string_view>;
/// A decoded event with its header, valid during the call that hands it out.
template <class Event>
using EventView = EventEnvelope<Event const&, std::string_view>;

namespace detail {

template <class To, class From>
[[nodiscard]] EventHeader<To> header_as(EventHeader<From> const& from) {
    return {.id = from.id,
            .aggregate_type = To{from.aggregate_type},
            .aggregate_id = To{from.aggregate_id},
            .event_type = To{from.event_type},
            .schema_version = from.schema_version,
            .version = from.version,
            .position = from.position,
            .timestamp = from.timestamp,
            .format = from.format,
            .metadata = To{from.metadata}};
}

}  // namespace detail

/// A copy that owns its text.
[[nodiscard]] inline RecordedEvent to_owned(RecordedEventView const& view) {
    return {detail::header_as<std::string>(view), std::string{view.data}};
}

/// A view of an owned event. Lifetime: refers to `event`.
[[nodiscard]] inline RecordedEventView to_view(RecordedEvent const& event) {
    return {detail::header_as<std::string_view>(event), event.data};
}

EVENT_SOURCING_END_NAMESPACE
