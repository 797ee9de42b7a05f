#pragma once

#include <event_sourcing/clock.hpp>
#include <event_sourcing/namespace.hpp>

#include <atomic>
#include <chrono>
#include <memory>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// A clock that stands still until a test moves it; usable as a Clock.
///
/// Copies show the same time, so that the one a store was given moves along:
/// `ManualClock clock; InMemoryEventStore store{{.clock = clock}}; clock.advance(1s);`
/// Thread safety: safe to use from several threads at once.
class ManualClock {
public:
    /// A clock that shows midnight of the first day of 2020, UTC.
    ManualClock() : ManualClock{std::chrono::sys_days{std::chrono::January / 1 / 2020}} {}
    /// A clock that shows the time given.
    explicit ManualClock(Timestamp start) : now_{std::make_shared<std::atomic<Timestamp>>(start)} {}

    /// The time it shows.
    [[nodiscard]] Timestamp operator()() const { return now_->load(); }

    /// Moves it to a time, be it earlier or later.
    void set(Timestamp time) { now_->store(time); }

    /// Moves it on, or back where the step is negative.
    void advance(std::chrono::microseconds step) {
        auto now = now_->load();
        while (!now_->compare_exchange_weak(now, now + step)) {
        }
    }

private:
    std::shared_ptr<std::atomic<Timestamp>> now_;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
