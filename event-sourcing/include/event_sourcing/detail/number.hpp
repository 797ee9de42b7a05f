#pragma once

#include <event_sourcing/namespace.hpp>

#include <compare>
#include <cstdint>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

/// A 64-bit count that does not mix with another kind of count.
template <class Tag>
struct Number {
    constexpr Number() = default;
    constexpr explicit Number(std::int64_t initial) noexcept : value{initial} {}
    auto operator<=>(Number const&) const = default;

    [[nodiscard]] constexpr Number next() const noexcept { return Number{value + 1}; }

    std::int64_t value = 0;
};

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
