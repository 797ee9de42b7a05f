#include "allocation_counter.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t counted = 0;
thread_local std::size_t failing_allocation = AllocationCounter::never;

}  // namespace

AllocationCounter::AllocationCounter(std::size_t failing) {
    counted = 0;
    failing_allocation = failing;
}

AllocationCounter::~AllocationCounter() { failing_allocation = never; }

std::size_t AllocationCounter::count() const { return counted; }

void* operator new(std::size_t bytes) {
    if (++counted == failing_allocation) {
        throw std::bad_alloc{};
    }
    if (auto* const memory = std::malloc(bytes == 0 ? 1 : bytes)) {
        return memory;
    }
    throw std::bad_alloc{};
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
