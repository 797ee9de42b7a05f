#pragma once

#include <event_sourcing/inmemory/detail/arena.hpp>
#include <event_sourcing/inmemory/detail/list_view.hpp>
#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// A list that only grows and whose elements never move: segments of doubling size in an arena.
///
/// The writer and whoever takes a View share a lock; a View is then read without any, while the list goes on growing.
/// It never looks at what was written after it was taken: neither at elements nor at the links between segments.
template <class T>
class AppendOnlyList {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= Arena::alignment);

    using Segment = ListSegment<T>;

public:
    using View = ListView<T>;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] View view() const noexcept { return {first_, size_}; }

    /// Makes room, so that the next `more` calls of `push_back` cannot fail.
    void reserve(std::size_t more, Arena& arena) {
        if (capacity_ - size_ >= more) {
            return;
        }
        auto const capacity = std::max({capacity_, more, first_capacity});
        auto* const memory = arena.allocate(sizeof(Segment) + capacity * sizeof(T));
        auto* const segment = ::new (memory) Segment{last_, capacity};
        (last_ == nullptr ? first_ : last_->next) = segment;
        last_ = segment;
        if (writing_ == nullptr) {
            writing_ = segment;
        }
        capacity_ += capacity;
    }

    /// Precondition: there is room, see `reserve`.
    void push_back(T const& element) noexcept {
        if (size_ - base_ == writing_->capacity) {
            base_ += writing_->capacity;
            writing_ = writing_->next;
        }
        std::construct_at(writing_->elements() + (size_ - base_), element);
        ++size_;
    }

private:
    static constexpr std::size_t first_capacity = 4;

    Segment* first_ = nullptr;
    Segment* last_ = nullptr;
    Segment* writing_ = nullptr;  // holds the next element, or is full
    std::size_t base_ = 0;        // index of its first element
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
