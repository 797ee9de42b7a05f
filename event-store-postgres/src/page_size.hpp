#pragma once

#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <cstddef>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// How many rows to ask for at a time: so many that a page has about a megabyte, since a page is held in memory whole. Where
/// small events are followed by the largest ones a page may have `most` of these.
class PageSize {
public:
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Learns from a page. Grows at once, shrinks at once.
    void seen(std::size_t rows, std::size_t bytes) noexcept {
        auto const per_row = std::max<std::size_t>(bytes / std::max<std::size_t>(rows, 1), 1);
        rows_ = std::clamp<std::size_t>(target / per_row, 1, most);
    }

private:
    static constexpr std::size_t target = 1'000'000;
    static constexpr std::size_t most = 1'000;

    std::size_t rows_ = 250;  // the first page of the largest events is 128 MB
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
