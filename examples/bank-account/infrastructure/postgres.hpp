#pragma once

#include "infrastructure/store_factory.hpp"

#include <event_sourcing/event_store.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bank {

// All that needs Postgres. In a build without it without_postgres.cpp stands in: everything is Missing there.

/// Connects, and creates, upgrades or checks the schema.
/// @throws Missing  no address; @throws InvalidArgument  an option is not allowed; and what connecting throws.
[[nodiscard]] std::shared_ptr<event_sourcing::EventStore> open_postgres(StoreOptions const& options);

/// The SQL that creates the schema. @throws InvalidArgument  its name is not allowed.
[[nodiscard]] std::string schema_sql(StoreOptions const& options);
/// The SQL that gives the roles their rights. @throws InvalidArgument  a name is not allowed.
[[nodiscard]] std::string roles_sql(StoreOptions const& options, std::string_view role_prefix);
/// Creates or upgrades the schema; its version. @throws as `open_postgres`
int migrate_schema(StoreOptions const& options);
/// Checks the schema; its version. @throws as `open_postgres`, and Corrupted.
int check_schema(StoreOptions const& options);

/// A store for the tour, in a schema of its own that goes with it, and its tables as SQL sees them.
class DemoTables {
public:
    DemoTables() = default;
    DemoTables(DemoTables const&) = delete;
    DemoTables& operator=(DemoTables const&) = delete;
    /// Drops the schema.
    virtual ~DemoTables() = default;

    [[nodiscard]] virtual event_sourcing::EventStore& store() = 0;
    /// The rows that a statement gives, as text: so many columns of each.
    [[nodiscard]] virtual std::vector<std::vector<std::string>> query(std::string const& sql, std::size_t columns) = 0;
    /// What the database says against a statement; empty if it ran.
    [[nodiscard]] virtual std::string refusal(std::string const& sql) = 0;
};

/// @throws as `open_postgres`; of the options only the address counts.
[[nodiscard]] std::unique_ptr<DemoTables> make_demo_tables(StoreOptions const& options);

}  // namespace bank
