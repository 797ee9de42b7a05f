#pragma once

#include "address.hpp"
#include "pool.hpp"
#include "statements.hpp"
#include "watchdog.hpp"

#include <event_sourcing/postgres/options.hpp>

#include <atomic>
#include <mutex>
#include <semaphore>
#include <string>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

/// What a reader of all events found out, for the others.
struct Settled {
    std::int64_t bound = 0;    // every position at or below it is decided; there may be a gap at its end
    std::int64_t horizon = 0;  // the highest visible position at or below it
};

/// What PostgresDatabase is inside: the pool, and what is known of the server.
class Database {
public:
    explicit Database(PostgresOptions options);

    /// A connection to a server that was checked and whose schema is there.
    [[nodiscard]] Pool::Lease lease();
    /// A connection to a server that was checked, whatever its schema: for migrations.
    [[nodiscard]] Pool::Lease lease_unchecked() { return pool_.lease(); }

    /// Runs calls on a connection under the watchdog.
    template <class Call>
    auto watched(Connection& connection, Call call) {
        auto const guard = watchdog_.watch(connection.socket(), options_.answer_timeout);
        return call(connection);
    }
    /// Leases, watches, and turns the driver's errors into the library's: for calls that may be lost without harm.
    template <class Call>
    auto run(std::string_view doing, Call call);

    void migrate();
    void check_schema();

    [[nodiscard]] PostgresOptions const& options() const noexcept { return options_; }
    [[nodiscard]] Statements const& statements() const noexcept { return statements_; }
    [[nodiscard]] std::string const& quoted_schema() const noexcept { return quoted_schema_; }

    /// What is known to be settled on this server; nothing after any new connection, which may be to another one.
    [[nodiscard]] Settled settled() const {
        std::scoped_lock const lock{settled_mutex_};
        return settled_;
    }
    void raise_settled(Settled found) {
        std::scoped_lock const lock{settled_mutex_};
        if (found.bound > settled_.bound) {
            settled_ = found;
        }
    }

private:
    [[nodiscard]] std::unique_ptr<Connection> connect();
    void prepare_session(Connection& connection);
    void upgrade(Connection& connection);

    PostgresOptions options_;
    Address address_;
    std::string quoted_schema_;
    Statements statements_;
    Watchdog watchdog_;
    mutable std::mutex settled_mutex_;
    Settled settled_;
    std::binary_semaphore schema_turn_{1};  // a mutex with a bounded wait
    std::atomic<bool> schema_ready_{false};
    Pool pool_;
};

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE

#include "driver_error.hpp"

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {

template <class Call>
auto Database::run(std::string_view doing, Call call) {
    auto connection = lease();
    return mapped(doing, [&] { return watched(*connection, call); });
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
