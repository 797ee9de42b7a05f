#pragma once

#include <event_sourcing/error.hpp>

#include <algorithm>
#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// A name in double quotes for SQL, if it is on the allow-list `[a-z_][a-z0-9_]{0,62}`: the server would cut a longer one
/// without an error, and two names would become one.
[[nodiscard]] inline std::string quoted_identifier(std::string_view name, std::string_view what) {
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    auto const allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    if (name.empty() || name.size() > 63 || !letter(name.front()) || !std::ranges::all_of(name, allowed)) {
        throw InvalidArgument{std::string{what} +
                              " must be 1 to 63 characters of a-z, 0-9 and _, not beginning with a digit"};
    }
    return '"' + std::string{name} + '"';
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
