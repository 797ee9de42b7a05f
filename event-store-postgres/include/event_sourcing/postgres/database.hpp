#pragma once

#include <event_sourcing/postgres/options.hpp>
#include <event_sourcing/postgres/transaction.hpp>

#include <memory>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
class Database;
}

/// A Postgres database that holds a store's schema: the connections, shared by store, snapshots, streams and read models.
///
/// Make one per process. It connects at its first use, and again whenever the server was away. The first use checks the
/// server (PostgreSQL 14 or newer, primary, durable commits, an intact sequence of positions) and creates, upgrades or checks
/// the schema.
/// Thread safety: every member may be called from several threads at once. Lifetime: outlives what was made on it.
class PostgresDatabase {
public:
    /// With options; does not connect yet.
    /// @throws InvalidArgument  the address cannot be read, or the schema's name or a limit is not allowed.
    explicit PostgresDatabase(PostgresOptions options);
    PostgresDatabase(PostgresDatabase const&) = delete;
    PostgresDatabase& operator=(PostgresDatabase const&) = delete;
    ~PostgresDatabase();

    /// Connects, and checks or migrates, now rather than at the first use.
    /// @throws Unavailable  no connection; @throws NotPrimary  a standby; @throws SchemaMismatch  the server is too old or
    /// not durable, or its schema is foreign, newer, or missing where it may not be created.
    void connect();

    /// Begins a transaction. @throws PoolTimeout  no connection became free; and what connecting throws.
    [[nodiscard]] Transaction begin();

    /// For the library's own parts.
    [[nodiscard]] detail::postgres::Database& implementation() const noexcept { return *implementation_; }

private:
    std::unique_ptr<detail::postgres::Database> implementation_;
};

EVENT_SOURCING_END_NAMESPACE
