#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace bank {

/// An amount of money, or a balance: whole minor units (cents), never a fraction.
using Money = std::int64_t;

/// The sum; nothing where it does not fit.
[[nodiscard]] constexpr std::optional<Money> sum(Money a, Money b) noexcept {
    using Limits = std::numeric_limits<Money>;
    bool const fits = b >= 0 ? a <= Limits::max() - b : a >= Limits::min() - b;
    return fits ? std::optional{a + b} : std::nullopt;
}

/// The difference; nothing where it does not fit.
[[nodiscard]] constexpr std::optional<Money> difference(Money a, Money b) noexcept {
    using Limits = std::numeric_limits<Money>;
    bool const fits = b >= 0 ? a >= Limits::min() + b : a <= Limits::max() + b;
    return fits ? std::optional{a - b} : std::nullopt;
}

}  // namespace bank
