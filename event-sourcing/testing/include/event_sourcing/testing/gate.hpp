#pragma once

#include <event_sourcing/namespace.hpp>

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
        changed_.wait(lock, [this] { return held_ == 0; });
    }

    /// Goes on at once where the gate is open, else waits until it opens or lets this thread through.
    void pass() {
        std::unique_lock lock{mutex_};
        ++held_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_ || permits_ > 0; });
        if (!open_) {
            --permits_;
        }
        --held_;
        changed_.notify_all();
    }

    /// Waits until at least `threads` stand before the gate at once.
    void await_held(std::size_t threads = 1) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return held_ >= threads; });
    }

    /// How many threads stand before the gate now.
    [[nodiscard]] std::size_t held() const {
        std::lock_guard const lock{mutex_};
        return held_;
    }

    /// Lets that many threads through, those that are held or the next to come, and stays closed for the rest.
    void let_through(std::size_t threads = 1) {
        std::lock_guard const lock{mutex_};
        permits_ += threads;
        changed_.notify_all();
    }

    /// Lets everybody through, now and later.
    void open() {
        std::lock_guard const lock{mutex_};
        open_ = true;
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
    std::size_t held_ = 0;
    std::size_t permits_ = 0;
    bool open_ = false;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
