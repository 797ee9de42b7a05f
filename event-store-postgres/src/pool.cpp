#include "pool.hpp"

#include <event_sourcing/error.hpp>

#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

Pool::Lease Pool::lease() {
    auto const deadline = std::chrono::steady_clock::now() + wait_;
    for (;;) {
        std::unique_lock lock{mutex_};
        if (!free_.wait_until(lock, deadline, [this] { return !idle_.empty() || open_ < size_; })) {
            throw PoolTimeout{"none of the " + std::to_string(size_) + " connections became free within " +
                              std::to_string(wait_.count()) +
                              " ms: raise PostgresOptions::connections, or hold transactions for a shorter time"};
        }
        if (idle_.empty()) {
            idle_.reserve(open_ + 1);  // so that giving back never needs memory
            ++open_;
            break;
        }
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->quiet()) {
            return {*this, std::move(connection)};
        }
        --open_;
        lock.unlock();
        say_lost();
    }
    try {
        return {*this, connect_()};
    } catch (...) {
        {
            std::scoped_lock const lock{mutex_};
            --open_;
        }
        free_.notify_one();
        throw;
    }
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
    bool const usable = connection->usable();
    if (!usable) {
        connection.reset();  // the server should see it closed before somebody gets another one
    }
    {
        std::scoped_lock const lock{mutex_};
        if (usable) {
            idle_.push_back(std::move(connection));
        } else {
            --open_;
        }
    }
    free_.notify_one();
    if (!usable) {
        say_lost();
    }
}

void Pool::say_lost() const noexcept {
    log(log_, LogLevel::warning, "a connection to the server was lost; another one is made when it is needed");
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
