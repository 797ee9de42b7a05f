#pragma once

#include <event_sourcing/inmemory/detail/arena.hpp>
#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <cstddef>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// A piece of an AppendOnlyList: its elements stand right behind it.
template <class T>
struct alignas(Arena::alignment) ListSegment {
    ListSegment* previous;
    std::size_t capacity;
    ListSegment* next = nullptr;

    [[nodiscard]] T* elements() noexcept { return reinterpret_cast<T*>(this + 1); }
};

/// The elements of an AppendOnlyList that were there at one moment.
template <class T>
class ListView {
public:
    ListView() = default;
    ListView(ListSegment<T>* first, std::size_t size) noexcept : first_{first}, size_{size} {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Visits the elements with index `begin` to `end - 1` until the visitor returns false.
    /// Precondition: `end <= size()`. @return whether all were visited.
    template <class Visit>
    bool forward(std::size_t begin, std::size_t end, Visit visit) const {
        if (begin >= end) {
            return true;
        }
        auto [segment, base] = locate(begin);
        while (true) {
            auto const stop = std::min(end - base, segment->capacity);
            for (auto i = begin - base; i < stop; ++i) {
                if (!visit(segment->elements()[i])) {
                    return false;
                }
            }
            base += segment->capacity;
            if (base >= end) {
                return true;
            }
            begin = base;
            segment = segment->next;
        }
    }

    /// Visits the elements with index `end - 1` down to `begin`, else as `forward`.
    template <class Visit>
    bool backward(std::size_t begin, std::size_t end, Visit visit) const {
        if (begin >= end) {
            return true;
        }
        auto [segment, base] = locate(end - 1);
        while (true) {
            auto const stop = std::max(begin, base);
            for (; end > stop; --end) {
                if (!visit(segment->elements()[end - 1 - base])) {
                    return false;
                }
            }
            if (base <= begin) {
                return true;
            }
            segment = segment->previous;
            base -= segment->capacity;
        }
    }

private:
    struct Place {
        ListSegment<T>* segment;
        std::size_t base;
    };

    [[nodiscard]] Place locate(std::size_t index) const noexcept {
        Place place{first_, 0};
        while (index - place.base >= place.segment->capacity) {
            place.base += place.segment->capacity;
            place.segment = place.segment->next;
        }
        return place;
    }

    ListSegment<T>* first_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
