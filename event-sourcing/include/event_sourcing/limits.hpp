#pragma once

#include <event_sourcing/append_request.hpp>
#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/strict_json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The sizes that every store refuses to go beyond, before any I/O. May be set lower in a store's options, not higher.
struct Limits {
    std::size_t type_bytes = 100;                  ///< of an aggregate type or event type
    std::size_t id_bytes = 255;                    ///< of an aggregate id
    std::size_t data_bytes = 512 * 1024;           ///< of one event's data
    std::size_t metadata_bytes = 16 * 1024;        ///< of one event's metadata
    std::size_t fingerprint_bytes = 255;           ///< of one event's fingerprint
    std::size_t json_depth = 64;                   ///< of nested arrays and objects in data and metadata
    std::size_t entries = 128;                     ///< aggregates in a request
    std::size_t events = 10'000;                   ///< events in a request
    std::size_t request_bytes = 16 * 1024 * 1024;  ///< data and metadata of a request together

    /// Equal when every member is.
    bool operator==(Limits const&) const = default;
};

/// The limits, if none of them is above the default; for the constructors of stores.
/// @throws InvalidArgument  naming the member that is.
[[nodiscard]] inline Limits lowered(Limits const& limits) {
    Limits const most;
    auto const check = [](std::size_t value, std::size_t at_most, char const* name) {
        if (value > at_most) {
            throw InvalidArgument{std::string{"Limits::"} + name + " is " + std::to_string(value) + ", but at most " +
                                  std::to_string(at_most) + ": every adapter keeps the same limits"};
        }
    };
    check(limits.type_bytes, most.type_bytes, "type_bytes");
    check(limits.id_bytes, most.id_bytes, "id_bytes");
    check(limits.data_bytes, most.data_bytes, "data_bytes");
    check(limits.metadata_bytes, most.metadata_bytes, "metadata_bytes");
    check(limits.fingerprint_bytes, most.fingerprint_bytes, "fingerprint_bytes");
    check(limits.json_depth, most.json_depth, "json_depth");
    check(limits.entries, most.entries, "entries");
    check(limits.events, most.events, "events");
    check(limits.request_bytes, most.request_bytes, "request_bytes");
    return limits;
}

namespace detail {

inline void check_name(std::string_view name, std::size_t at_most, char const* what) {
    if (name.empty() || name.size() > at_most) {
        throw InvalidArgument{std::string{what} + " has " + std::to_string(name.size()) + " bytes, allowed are 1 to " +
                              std::to_string(at_most)};
    }
    if (name.find('\0') != std::string_view::npos || !is_valid_utf8(name)) {
        throw InvalidArgument{std::string{what} + " must be valid UTF-8 without NUL"};
    }
}

inline void check_event(NewEvent const& event, Limits const& limits) {
    check_name(event.event_type, limits.type_bytes, "event_type");
    if (event.schema_version < 1) {
        throw InvalidArgument{"schema_version is " + std::to_string(event.schema_version) + ", but starts at 1"};
    }
    if (event.timestamp && !has_four_digit_year(*event.timestamp)) {
        throw InvalidArgument{"the timestamp is outside the years 0000 to 9999, which RFC 3339 can express"};
    }
    if (event.format == DataFormat::json) {
        check_json(event.data, {.bytes = limits.data_bytes, .depth = limits.json_depth}, "data");
    } else if (event.data.size() > limits.data_bytes) {
        throw PayloadTooLarge{"data has " + std::to_string(event.data.size()) + " bytes, allowed are " +
                              std::to_string(limits.data_bytes)};
    }
    if (event.fingerprint.size() > limits.fingerprint_bytes) {
        throw PayloadTooLarge{"fingerprint has " + std::to_string(event.fingerprint.size()) + " bytes, allowed are " +
                              std::to_string(limits.fingerprint_bytes) + ": a hash is enough"};
    }
    if (!event.metadata.empty()) {
        check_json(event.metadata, {.bytes = limits.metadata_bytes, .depth = limits.json_depth}, "metadata");
        if (event.metadata[event.metadata.find_first_not_of(" \t\r\n")] != '{') {
            throw InvalidArgument{"metadata must be a JSON object"};
        }
    }
}

}  // namespace detail

/// Refuses the name of an aggregate that no store can have: for adapters, as the first thing in `read`.
/// @throws InvalidArgument  the type or the id is empty, too long, or no UTF-8 without NUL.
inline void check_aggregate(AggregateRef aggregate, Limits const& limits) {
    detail::check_name(aggregate.type, limits.type_bytes, "aggregate_type");
    detail::check_name(aggregate.id, limits.id_bytes, "aggregate_id");
}

/// Refuses a request that no store may take: for adapters, as the first thing in `append`. Touches nothing but the
/// request.
/// @throws InvalidArgument  no entries, too many, one aggregate twice, a bad name, invalid JSON.
/// @throws PayloadTooLarge  data, metadata or the request beyond the limits.
inline void check_request(AppendRequest const& request, Limits const& limits) {
    if (request.entries.empty()) {
        throw InvalidArgument{"the append request has no entries"};
    }
    if (request.entries.size() > limits.entries) {
        throw InvalidArgument{"the append request has " + std::to_string(request.entries.size()) +
                              " aggregates, allowed are " + std::to_string(limits.entries)};
    }
    std::size_t events = 0;
    std::size_t bytes = 0;
    for (auto const& entry : request.entries) {
        check_aggregate(entry.aggregate, limits);
        events += entry.events.size();
        if (events > limits.events) {
            throw InvalidArgument{"the append request has more than " + std::to_string(limits.events) +
                                  " events: split it"};
        }
        for (auto const& event : entry.events) {
            detail::check_event(event, limits);
            bytes += event.data.size() + event.metadata.size();
            if (bytes > limits.request_bytes) {
                throw PayloadTooLarge{"the append request has more than " + std::to_string(limits.request_bytes) +
                                      " bytes: split it"};
            }
        }
    }
    for (std::size_t i = 1; i < request.entries.size(); ++i) {  // few: a set would cost more
        for (std::size_t earlier = 0; earlier < i; ++earlier) {
            if (request.entries[i].aggregate == request.entries[earlier].aggregate) {
                throw InvalidArgument{"the append request names " + to_string(request.entries[i].aggregate) +
                                      " twice: put its events into one entry"};
            }
        }
    }
}

EVENT_SOURCING_END_NAMESPACE
