#pragma once

#include <event_sourcing/clock.hpp>
#include <event_sourcing/random_source.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// How often and how long a command is tried: exponential back-off with full jitter.
struct RetryPolicy {
    int attempts = 10;                                 ///< tries in all; 1 never tries again
    std::chrono::microseconds first_delay{1'000};      ///< the longest wait before the second try; it doubles
    std::chrono::microseconds longest_delay{250'000};  ///< no wait is longer
    std::chrono::microseconds time_limit{10'000'000};  ///< no try starts later than this after the first
};

/// Waits between two tries; injectable so that tests do not wait.
using Pause = std::function<void(std::chrono::microseconds)>;

/// The tries of one command: counts them, waits between them, and says when to give up.
///
/// Thread safety: for one thread.
class Backoff {
public:
    /// Where randomness, time and waiting come from; empty members mean the system's.
    struct Sources {
        RandomSource random{};  ///< for the jitter
        Clock clock{};          ///< for the time limit
        Pause pause{};          ///< waits
    };

    /// Starts with the first try.
    Backoff(RetryPolicy const& policy, Sources sources)
        : policy_{policy}, sources_{std::move(sources)}, started_{now()} {}
    /// Starts with the first try, on the system's sources.
    explicit Backoff(RetryPolicy const& policy) : Backoff{policy, Sources{}} {}

    /// Whether another try is left; if so, waits before it: between 0 and a bound that doubles from try to try.
    [[nodiscard]] bool again() {
        if (attempts_made_ >= policy_.attempts) {
            return false;
        }
        auto const random = sources_.random ? sources_.random() : system_random()();
        auto const choices = static_cast<std::uint64_t>(longest_wait().count()) + 1;
        std::chrono::microseconds const wait{static_cast<std::int64_t>(random % choices)};
        auto const spent = std::max(now() - started_, std::chrono::microseconds{0});
        if (spent > policy_.time_limit || wait > policy_.time_limit - spent) {
            return false;
        }
        if (sources_.pause) {
            sources_.pause(wait);
        } else {
            std::this_thread::sleep_for(wait);
        }
        ++attempts_made_;
        return true;
    }

    /// How many tries were made, the running one included.
    [[nodiscard]] int attempts_made() const noexcept { return attempts_made_; }

private:
    /// The bound of the next wait, without overflow.
    [[nodiscard]] std::chrono::microseconds longest_wait() const {
        std::chrono::microseconds const none{0};
        auto const first = std::max(policy_.first_delay, none);
        auto const longest = std::max(policy_.longest_delay, none);
        auto const factor = std::int64_t{1} << std::min(attempts_made_ - 1, 20);
        return first > longest / factor ? longest : first * factor;
    }

    [[nodiscard]] Timestamp now() const { return sources_.clock ? sources_.clock() : system_clock()(); }

    RetryPolicy policy_;
    Sources sources_;
    Timestamp started_;
    int attempts_made_ = 1;
};

EVENT_SOURCING_END_NAMESPACE
