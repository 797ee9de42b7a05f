#pragma once

#include <event_sourcing/namespace.hpp>
#include <event_sourcing/read_options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// Which of the events 1 to `size` a read goes through, and which way.
class ReadWindow {
public:
    ReadWindow(std::int64_t after, std::size_t size, Direction direction) noexcept : end_{size}, direction_{direction} {
        auto const bounded = [size](std::int64_t number) {
            return number <= 0 ? 0 : std::min(static_cast<std::size_t>(number), size);
        };
        if (direction == Direction::forward) {
            begin_ = bounded(after);
        } else if (after != 0) {
            end_ = after < 0 ? 0 : bounded(after - 1);
        }
    }

    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

    /// The number of the event that a read through the whole window ends with. Precondition: not empty.
    [[nodiscard]] std::int64_t last() const noexcept {
        return static_cast<std::int64_t>(direction_ == Direction::forward ? end_ : begin_ + 1);
    }

    /// Keeps at most the first `limit` events, in the direction of the read.
    void keep(std::size_t limit) noexcept {
        if (end_ - begin_ > limit) {
            (direction_ == Direction::forward ? end_ : begin_) =
                direction_ == Direction::forward ? begin_ + limit : end_ - limit;
        }
    }

    /// Visits the window's part of a list until the visitor returns false. @return whether all were visited.
    template <class Events, class Visit>
    bool visit(Events const& events, Visit visit) const {
        return direction_ == Direction::forward ? events.forward(begin_, end_, visit)
                                                : events.backward(begin_, end_, visit);
    }

private:
    std::size_t begin_ = 0;
    std::size_t end_;
    Direction direction_;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
