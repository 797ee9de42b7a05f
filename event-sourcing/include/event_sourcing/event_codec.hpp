#pragma once

#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/new_event.hpp>

#include <concepts>
#include <string>
#include <variant>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Why a stored event has no decoded form, without being broken.
enum class Undecodable : unsigned char {
    unknown_type,  ///< the codec does not know its event type
    shredded,      ///< its key was destroyed on purpose
};

/// What decoding gives: the event, or why there is none.
template <class Event>
using Decoded = std::variant<Undecodable, Event>;

/// Whose event is encoded: for codecs that encrypt per aggregate or bind the ciphertext to its place.
struct EncodeContext {
    AggregateRef aggregate;  ///< the aggregate that the event is recorded on
    Uuid id;                 ///< the id that the event will have
};

/// An object that encodes and decodes a variant of events; it may hold keys or upcasters. JsonCodec is the default.
///
/// A session sets id and metadata of what `encode` returns; what the codec itself needs goes into the data. `decode`
/// throws CodecError on broken data. An event decoded into views may refer to the record's text, which lives during the
/// call that handed it out. Thread safety: both are const and may be called from several threads at once.
template <class C, class Event>
concept EventCodec =
    requires(C const& codec, Event const& event, EncodeContext const& context, RecordedEventView const& record) {
        { codec.encode(event, context) } -> std::same_as<NewEvent>;
        { codec.decode(record) } -> std::same_as<Decoded<Event>>;
    };

namespace detail {

/// Where an event stands, for messages.
[[nodiscard]] inline std::string describe(RecordedEventView const& event) {
    return "event " + to_string(event.id) + " (" + std::string{event.event_type} + " v" +
           std::to_string(event.schema_version) + ", " + to_string(event.aggregate()) + " version " +
           std::to_string(event.version.value) + ", position " + std::to_string(event.position.value) + ")";
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
