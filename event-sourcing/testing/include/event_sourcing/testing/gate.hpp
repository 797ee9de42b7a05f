#pragma once

#include <event_sourcing/namespace.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// Holds threads at one place until a test lets them go: for interleavings that a test must be sure of, without
/// sleeping.
///
/// ```cpp
/// Gate gate;
/// std::jthread writer{[&] { gate.pass(); write(); }};
/// gate.await_held();                                    // the writer stands there now, and nothing is written
/// gate.open();
/// ```
/// Thread safety: every member may be called from several threads at once; the destructor may not.
class Gate {
public:
    /// A closed gate.
    Gate() = default;
    Gate(Gate const&) = delete;
    Gate& operator=(Gate const&) = delete;

    /// Opens the gate and waits until every thread that it held has left.
    ~Gate() {
        open();
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return inside_ == 0; });
    }

    /// Goes on at once where the gate is open, else waits until it opens or lets this thread through.
    void pass() {
        std::unique_lock lock{mutex_};
        if (open_) {
            return;
        }
        if (permits_ > 0) {
            --permits_;
            return;
        }
        auto const mine = arrived_++;
        ++inside_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return mine < released_; });
        --inside_;
        changed_.notify_all();
    }

    /// Waits until at least `threads` stand before the gate at once.
    void await_held(std::size_t threads = 1) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return arrived_ - released_ >= threads; });
    }

    /// How many threads stand before the gate now.
    [[nodiscard]] std::size_t held() const {
        std::lock_guard const lock{mutex_};
        return arrived_ - released_;
    }

    /// Lets that many threads through, those that are held in the order of their coming or the next to come, and stays
    /// closed for the rest.
    void let_through(std::size_t threads = 1) {
        std::lock_guard const lock{mutex_};
        auto const now = std::min(threads, arrived_ - released_);
        released_ += now;
        permits_ += threads - now;
        changed_.notify_all();
    }

    /// Lets everybody through, now and later.
    void open() {
        std::lock_guard const lock{mutex_};
        open_ = true;
        released_ = arrived_;
        changed_.notify_all();
    }

    /// Holds whoever comes from now on.
    void close() {
        std::lock_guard const lock{mutex_};
        open_ = false;
        permits_ = 0;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t arrived_ = 0;   // threads that had to stop here, ever
    std::size_t released_ = 0;  // how many of those may go on: the first ones
    std::size_t inside_ = 0;    // threads that are still in `pass`
    std::size_t permits_ = 0;   // for those to come
    bool open_ = false;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
