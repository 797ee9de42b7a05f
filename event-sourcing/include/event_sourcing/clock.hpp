#pragma once

#include <event_sourcing/namespace.hpp>
#include <event_sourcing/timestamp.hpp>

#include <chrono>
#include <functional>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A source of the current UTC time, injectable wherever the library would read one.
///
/// Thread safety: a clock handed to a shared object is called from all of that object's threads at once.
using Clock = std::function<Timestamp()>;

/// The clock of the operating system, cut to microseconds.
[[nodiscard]] inline Clock system_clock() {
    return [] { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); };
}

EVENT_SOURCING_END_NAMESPACE
