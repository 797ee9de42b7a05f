#pragma once

#include "database_implementation.hpp"

#include <event_sourcing/error.hpp>

#include <event_sourcing/postgres/transaction.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

/// What a Transaction is inside.
struct Transaction::Implementation {
    explicit Implementation(detail::postgres::Database& on) : database{on}, connection{on.lease()} {}
    Implementation(Implementation const&) = delete;
    Implementation& operator=(Implementation const&) = delete;
    ~Implementation() {
        if (state != State::ended) {
            roll_back();
        }
    }

    enum class State : unsigned char { open, failed, ended };

    void begin();
    void commit();
    void roll_back() noexcept;

    /// Runs a call on the connection under the watchdog, with the driver's errors; after one the server only rolls back.
    template <class Call>
    auto noting_failure(Call call) {
        if (state == State::ended) {
            throw InvalidArgument{"the transaction has ended: begin another one"};
        }
        try {
            return database.watched(*connection, call);
        } catch (...) {
            state = State::failed;
            throw;
        }
    }

    detail::postgres::Database& database;
    detail::postgres::Pool::Lease connection;
    State state = State::ended;
};

EVENT_SOURCING_END_NAMESPACE
