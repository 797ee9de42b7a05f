#pragma once

#include "connection.hpp"

#include <event_sourcing/log.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// A bounded set of connections, made when needed. Thread-safe.
class Pool {
public:
    using Connect = std::function<std::unique_ptr<Connection>()>;

    /// A connection for the one who holds it; goes back at the end, or is thrown away when it was lost.
    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_{&pool}, connection_{std::move(connection)} {}
        Lease(Lease&& other) noexcept : pool_{other.pool_}, connection_{std::move(other.connection_)} {}
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (pool_ != nullptr && connection_) {
                pool_->give_back(std::move(connection_));
            }
        }

        [[nodiscard]] Connection& operator*() const noexcept { return *connection_; }
        [[nodiscard]] Connection* operator->() const noexcept { return connection_.get(); }

    private:
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
    };

    Pool(std::size_t size, std::chrono::milliseconds wait, Connect connect, LogSink log)
        : size_{size}, wait_{wait}, connect_{std::move(connect)}, log_{std::move(log)} {}

    /// Waits for a free connection. @throws PoolTimeout  none became free; and what connecting throws.
    [[nodiscard]] Lease lease();

private:
    void give_back(std::unique_ptr<Connection> connection) noexcept;
    void say_lost() const noexcept;

    std::size_t const size_;
    std::chrono::milliseconds const wait_;
    Connect connect_;
    LogSink log_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t open_ = 0;  // idle or leased, or being made
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
