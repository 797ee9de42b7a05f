#pragma once

#include <event_sourcing/detail/printable.hpp>
#include <event_sourcing/event_codec.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/new_event.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing::detail {

/// The events as a store would get them.
template <class Event, class Codec>
[[nodiscard]] std::vector<NewEvent> encoded(std::vector<Event> const& events, Codec const& codec,
                                            AggregateRef aggregate) {
    std::vector<NewEvent> out;
    out.reserve(events.size());
    for (auto const& event : events) {
        out.push_back(codec.encode(event, EncodeContext{aggregate, Uuid{}}));
    }
    return out;
}

/// Whether two events are the same to a reader: where a codec encrypts, its fingerprint decides as in a store.
[[nodiscard]] inline bool same_event(NewEvent const& left, NewEvent const& right) {
    return left.event_type == right.event_type && left.schema_version == right.schema_version &&
           left.fingerprint == right.fingerprint &&
           (!left.fingerprint.empty() || (left.format == right.format && left.data == right.data));
}

/// An event on one line: its stored name and data.
[[nodiscard]] inline std::string line(NewEvent const& event) {
    auto const data =
        event.format == DataFormat::json ? event.data : event_sourcing::detail::printable(event.data, 512);
    return event.event_type + ' ' + data;
}

/// How many characters, not bytes, stand before the first one that differs.
[[nodiscard]] inline std::size_t common_characters(std::string_view left, std::string_view right) {
    auto const differing = std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first;
    auto const begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return static_cast<std::size_t>(std::count_if(left.begin(), differing, begins));
}

/// The events one a line: `-` expected, `+` decided, `^` under the first difference, nothing where they agree.
[[nodiscard]] inline std::string difference(std::vector<NewEvent> const& expected,
                                            std::vector<NewEvent> const& actual) {
    std::string out;
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
        auto const number = std::to_string(i + 1);
        std::string const indent(number.size() + 2, ' ');
        auto const head = "\n  " + number;
        if (i >= actual.size()) {
            out += head + " - " + line(expected[i]);
        } else if (i >= expected.size()) {
            out += head + " + " + line(actual[i]);
        } else if (same_event(expected[i], actual[i])) {
            out += head + "   " + line(actual[i]);
        } else {
            auto const wanted = line(expected[i]);
            auto const got = line(actual[i]);
            out += head + " - " + wanted + "\n" + indent + " + " + got + "\n" + indent + "   " +
                   std::string(common_characters(wanted, got), ' ') + '^';
        }
    }
    return out;
}

}  // namespace testing::detail
EVENT_SOURCING_END_NAMESPACE
