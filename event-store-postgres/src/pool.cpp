#include "pool.hpp"

#include <event_sourcing/error.hpp>

#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

Pool::Lease Pool::lease() {
    std::unique_lock lock{mutex_};
    if (!free_.wait_for(lock, wait_, [this] { return !idle_.empty() || open_ < size_; })) {
        throw PoolTimeout{"none of the " + std::to_string(size_) + " connections became free within " +
                          std::to_string(wait_.count()) +
                          " ms: raise PostgresOptions::connections, or hold transactions for a shorter time"};
    }
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->quiet()) {
            return {*this, std::move(connection)};
        }
        --open_;
    }
    ++open_;
    idle_.reserve(open_);
    lock.unlock();
    try {
        return {*this, connect_()};
    } catch (...) {
        lock.lock();
        --open_;
        lock.unlock();
        free_.notify_one();
        throw;
    }
}

void Pool::drop_idle() {
    std::vector<std::unique_ptr<Connection>> dropped;
    {
        std::scoped_lock const lock{mutex_};
        dropped.swap(idle_);
        open_ -= dropped.size();
    }
    free_.notify_all();
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
    {
        std::scoped_lock const lock{mutex_};
        if (connection->usable()) {
            idle_.push_back(std::move(connection));  // reserved when the connection was made
        } else {
            --open_;
        }
    }
    free_.notify_one();
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
