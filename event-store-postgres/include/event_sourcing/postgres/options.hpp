#pragma once

#include <event_sourcing/log.hpp>

#include <chrono>
#include <cstddef>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE

/// What a PostgresDatabase does about the schema at its first use.
enum class Migration : unsigned char {
    when_allowed,  ///< creates or upgrades it where the role may, otherwise checks it
    never,         ///< checks it only
};

/// How statements reach the server.
enum class StatementMode : unsigned char {
    prepared,  ///< prepared once per connection: the ordinary way
    plain,     ///< never prepared and without session settings: for PgBouncer in transaction mode
};

/// What is done about a session whose commits the server acknowledges before they are safe.
enum class AsynchronousCommit : unsigned char {
    refused,  ///< SchemaMismatch at the first connection
    allowed,  ///< taken, for experiments: after a crash acknowledged events are gone and positions come twice
};

/// How to reach a Postgres server, and how to use it.
struct PostgresOptions {
    /// `postgresql://user:password@host:port/database?sslmode=verify-full` or `key=value` pairs, as libpq takes them: TLS
    /// and all else of libpq pass through, its environment too. Never shown in a message or in the log.
    std::string url{};
    std::string schema = "public";  ///< 1-63 characters of `a-z`, `0-9`, `_`, not beginning with a digit
    std::size_t connections = 16;   ///< at most so many at once
    std::chrono::milliseconds connection_wait{5'000};  ///< for one of them to become free; then PoolTimeout
    /// On the server; then Timeout. With StatementMode::plain it is the role's own setting that counts.
    std::chrono::milliseconds statement_timeout{30'000};
    /// On this side, for networks that swallow answers; then the connection is given up. Above `statement_timeout`. Also
    /// for connecting, in whole seconds and at least 2, unless the address has a `connect_timeout`.
    std::chrono::milliseconds answer_timeout{40'000};
    Migration migration = Migration::when_allowed;                         ///< what the first use does about the schema
    StatementMode statements = StatementMode::prepared;                    ///< how statements reach the server
    AsynchronousCommit asynchronous_commit = AsynchronousCommit::refused;  ///< what `synchronous_commit = off` leads to
    std::string application_name = "event-sourcing";  ///< in pg_stat_activity, unless the address names one
    LogSink log{};                                    ///< migrations, lost connections
};

EVENT_SOURCING_END_NAMESPACE
