#pragma once

#include <event_sourcing/namespace.hpp>

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// Ends calls whose answer does not come: past the deadline it shuts the call's socket down, and the driver sees a lost
/// connection. The server's own statement_timeout is the ordinary limit; this one is for networks that swallow answers.
/// It looks ten times a second, and sleeps while nothing is called: a call costs it no wake-up.
class Watchdog {
    struct Watched {
        std::chrono::steady_clock::time_point deadline;
        int socket;
    };

public:
    /// Watches one call as long as it lives.
    class Guard {
    public:
        Guard(Watchdog& watchdog, std::list<Watched>::iterator watched) : watchdog_{&watchdog}, watched_{watched} {}
        Guard(Guard const&) = delete;
        Guard& operator=(Guard const&) = delete;
        ~Guard();

    private:
        Watchdog* watchdog_;
        std::list<Watched>::iterator watched_;
    };

    Watchdog();
    Watchdog(Watchdog const&) = delete;
    Watchdog& operator=(Watchdog const&) = delete;

    [[nodiscard]] Guard watch(int socket, std::chrono::milliseconds time_limit);

private:
    void run(std::stop_token const& stop);

    std::mutex mutex_;
    std::condition_variable_any woken_;
    std::list<Watched> watched_;
    bool used_ = false;    // since the last round
    bool asleep_ = false;  // nothing was watched for a whole round: the thread waits to be woken
    std::jthread thread_;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
