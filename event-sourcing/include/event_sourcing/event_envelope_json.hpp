#pragma once

#include <event_sourcing/checked_get.hpp>
#include <event_sourcing/detail/base64.hpp>
#include <event_sourcing/detail/dump_json.hpp>
#include <event_sourcing/detail/envelope_reader.hpp>
#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/parse_json.hpp>
#include <event_sourcing/strict_json.hpp>

#include <nlohmann/json.hpp>

#include <concepts>

EVENT_SOURCING_BEGIN_NAMESPACE

/// How to read the JSON of an envelope.
struct EnvelopeOptions {
    std::int64_t first_version = 1;  ///< the number of an aggregate's first event in the text; 0 for event-sourcing-rs
    JsonLimits limits{.bytes = 1024 * 1024, .depth = 65};  ///< of the whole text, whose data is one level down
};

/// The envelope as one flat JSON object: `id`, `aggregate_id`, `aggregate_type`, `data` (binary: `data_base64`),
/// `event_type`, `version`, `timestamp`, `schema_version`, and `metadata` and `position` where there are any.
///
/// Encoded data is embedded byte for byte; a typed event is written by its nlohmann `to_json`.
/// Precondition: encoded JSON data and metadata are valid JSON, as they are in every stored event.
/// @throws InvalidArgument  a typed event that JSON cannot hold: invalid UTF-8, a number that is not finite.
template <class Data, class Str>
[[nodiscard]] std::string write_envelope(EventEnvelope<Data, Str> const& envelope) {
    std::string out = "{\"id\":\"" + to_string(envelope.id) +
                      "\",\"aggregate_id\":" + json_quote(envelope.aggregate_id) +
                      ",\"aggregate_type\":" + json_quote(envelope.aggregate_type);
    if constexpr (std::same_as<Data, std::string> || std::same_as<Data, std::string_view>) {
        std::string_view const data = envelope.data;
        if (envelope.format == DataFormat::binary) {
            out.append(",\"data_base64\":\"").append(detail::base64_encode(data)).append("\"");
        } else {
            out.append(",\"data\":").append(data);
        }
    } else {
        out.append(",\"data\":").append(detail::dump_json(nlohmann::json(envelope.data), "data"));
    }
    out.append(",\"event_type\":").append(json_quote(envelope.event_type));
    out.append(",\"version\":").append(std::to_string(envelope.version.value));
    out.append(",\"timestamp\":\"").append(to_string(envelope.timestamp)).append("\"");
    out.append(",\"schema_version\":").append(std::to_string(envelope.schema_version));
    if (!envelope.metadata.empty()) {
        out.append(",\"metadata\":").append(envelope.metadata);
    }
    if (envelope.position > Position{}) {
        out.append(",\"position\":").append(std::to_string(envelope.position.value));
    }
    return out.append("}");
}

/// The envelope of a JSON object as `write_envelope` and event-sourcing-rs write it; `Data` is `std::string` for
/// encoded data (kept byte for byte) or a type with a nlohmann `from_json`.
///
/// `schema_version`, `metadata` and `position` may be absent or null; members it does not know are ignored.
/// @throws CodecError  a member is absent, of another type or out of range, naming its path.
/// @throws InvalidArgument, PayloadTooLarge  the text is not strict JSON within the limits.
template <class Data = std::string>
[[nodiscard]] EventEnvelope<Data> read_envelope(std::string_view text, EnvelopeOptions const& options = {}) {
    check_json(text, options.limits, "envelope");
    auto encoded = detail::EnvelopeReader{text, options.first_version}.read();
    if constexpr (std::same_as<Data, std::string>) {
        return encoded;
    } else {
        if (encoded.format == DataFormat::binary) {
            throw CodecError{"/data_base64: this event is read as JSON, but its data is binary"};
        }
        auto data = detail::get_by_adl<Data>(parse_json(encoded.data, options.limits), {.pointer = "/data"});
        return {std::move(static_cast<EventHeader<std::string>&>(encoded)), std::move(data)};
    }
}

EVENT_SOURCING_END_NAMESPACE
