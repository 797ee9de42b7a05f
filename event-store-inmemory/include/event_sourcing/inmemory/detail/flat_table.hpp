#pragma once

#include <event_sourcing/namespace.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// A hash table of pointers that only grows: open addressing, linear probing, at most half full.
///
/// The caller gives the hash, so that it is computed outside of the caller's lock and never again. Not thread-safe.
template <class T>
class FlatTable {
public:
    /// The entry with this hash for which `is_it` is true, or null.
    template <class Is>
    [[nodiscard]] T* find(std::uint64_t hash, Is is_it) const {
        if (slots_.empty()) {
            return nullptr;
        }
        for (auto i = place(hash); slots_[i].entry != nullptr; i = next(i)) {
            if (slots_[i].hash == hash && is_it(*slots_[i].entry)) {
                return slots_[i].entry;
            }
        }
        return nullptr;
    }

    /// Makes room, so that the next `more` calls of `insert` cannot fail.
    void reserve(std::size_t more) {
        if ((size_ + more) * 2 <= slots_.size()) {
            return;
        }
        std::vector<Slot> old(std::bit_ceil((size_ + more) * 2 + first_size_));
        old.swap(slots_);
        for (auto const& slot : old) {
            if (slot.entry != nullptr) {
                put(slot);
            }
        }
    }

    /// Precondition: there is room, see `reserve`, and no equal entry.
    void insert(std::uint64_t hash, T* entry) noexcept {
        put({hash, entry});
        ++size_;
    }

private:
    struct Slot {
        std::uint64_t hash = 0;
        T* entry = nullptr;
    };

    static constexpr std::size_t first_size_ = 16;

    void put(Slot const& slot) noexcept {
        auto i = place(slot.hash);
        while (slots_[i].entry != nullptr) {
            i = next(i);
        }
        slots_[i] = slot;
    }

    [[nodiscard]] std::size_t place(std::uint64_t hash) const noexcept {
        return static_cast<std::size_t>(hash) & (slots_.size() - 1);
    }
    [[nodiscard]] std::size_t next(std::size_t i) const noexcept { return (i + 1) & (slots_.size() - 1); }

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
