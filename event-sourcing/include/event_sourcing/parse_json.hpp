#pragma once

#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>
#include <event_sourcing/strict_json.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Parses a text into a tree, after check_json has accepted it: use it for every JSON text of foreign origin.
///
/// Integers that fit 64 bits are exact; larger ones become the nearest double.
///
/// @throws PayloadTooLarge, InvalidArgument as check_json, and InvalidArgument for a number beyond the range of a
/// double.
[[nodiscard]] inline nlohmann::json parse_json(std::string_view text, JsonLimits const& limits = {},
                                               std::string_view what = "json") {
    check_json(text, limits, what);
    try {
        return nlohmann::json::parse(text.begin(), text.end());
    } catch (nlohmann::json::exception const&) {
        throw InvalidArgument{std::string{what} + ": a number is beyond the range of a double; write it as a string"};
    }
}

EVENT_SOURCING_END_NAMESPACE
