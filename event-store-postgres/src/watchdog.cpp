#include "watchdog.hpp"

#include <sys/socket.h>

#include <iterator>
#include <stop_token>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

Watchdog::Watchdog() : thread_{[this](std::stop_token const& stop) { run(stop); }} {}

Watchdog::Guard::~Guard() {
    std::scoped_lock const lock{watchdog_->mutex_};
    watchdog_->watched_.erase(watched_);
}

Watchdog::Guard Watchdog::watch(int socket, std::chrono::milliseconds time_limit) {
    std::scoped_lock const lock{mutex_};
    watched_.push_back({std::chrono::steady_clock::now() + time_limit, socket});
    used_ = true;
    if (asleep_) {
        woken_.notify_one();
    }
    return {*this, std::prev(watched_.end())};
}

void Watchdog::run(std::stop_token const& stop) {
    static constexpr std::chrono::milliseconds round{100};
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        asleep_ = watched_.empty() && !used_;
        used_ = false;
        if (asleep_) {
            woken_.wait(lock, stop, [this] { return used_; });
            continue;
        }
        woken_.wait_for(lock, stop, round, [] { return false; });
        auto const now = std::chrono::steady_clock::now();
        for (auto& watched : watched_) {
            if (watched.deadline <= now) {
                ::shutdown(watched.socket, SHUT_RDWR);  // the guard still holds the connection: the number is its own
                watched.deadline = std::chrono::steady_clock::time_point::max();
            }
        }
    }
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
