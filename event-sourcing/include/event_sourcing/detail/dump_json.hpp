#pragma once

#include <event_sourcing/error.hpp>
#include <event_sourcing/namespace.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// Whether JSON can hold every number in the tree: nlohmann writes what is not finite as `null`, which nobody reads
/// back.
[[nodiscard]] inline bool numbers_are_finite(nlohmann::json const& value) {
    if (value.is_structured()) {
        return std::all_of(value.begin(), value.end(), numbers_are_finite);
    }
    auto const* const number = value.get_ptr<nlohmann::json::number_float_t const*>();
    return number == nullptr || std::isfinite(*number);
}

/// The text of a tree that reads back as the same tree.
///
/// @throws InvalidArgument where JSON cannot hold it: invalid UTF-8, a number that is not finite. `what` is its name
/// there.
[[nodiscard]] inline std::string dump_json(nlohmann::json const& value, std::string_view what) {
    if (!numbers_are_finite(value)) {
        throw InvalidArgument{std::string{what} +
                              " cannot be written as JSON: a number in it is infinite or not a number"};
    }
    try {
        return value.dump();
    } catch (nlohmann::json::exception const& error) {
        throw InvalidArgument{std::string{what} + " cannot be written as JSON: " + error.what()};
    }
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
