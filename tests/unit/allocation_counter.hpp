#pragma once

#include <cstddef>
#include <limits>

/// Counts the calls of the global operator new on this thread, from construction on; and can make one of them fail.
/// One at a time per thread. The replaced operators are in allocation_counter.cpp.
class AllocationCounter {
public:
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    /// Has the allocation with this number, from 1, throw std::bad_alloc.
    explicit AllocationCounter(std::size_t failing = never);
    AllocationCounter(AllocationCounter const&) = delete;
    AllocationCounter& operator=(AllocationCounter const&) = delete;
    ~AllocationCounter();

    [[nodiscard]] std::size_t count() const;
};
