#pragma once

#include <event_sourcing/postgres/database.hpp>

#include <string>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The version of the schema that this library creates and works with.
inline constexpr int postgres_schema_version = 1;

/// The SQL that creates the schema from nothing, for a DBA to read and run: what `migrate` runs.
/// @throws InvalidArgument  the name is not allowed, see PostgresOptions::schema.
[[nodiscard]] std::string postgres_schema_sql(std::string_view schema);

/// The SQL that gives least rights to the roles `PREFIX_writer`, `PREFIX_reader` and `PREFIX_replication`; run it as the
/// schema's owner. @throws InvalidArgument  a name is not allowed.
[[nodiscard]] std::string postgres_roles_sql(std::string_view schema, std::string_view role_prefix);

/// Creates or upgrades the schema, in one transaction and under a lock: safe when many processes start at once.
/// Afterwards run postgres_roles_sql again: what a step adds belongs to the owner alone until then.
/// @throws SchemaMismatch  it is foreign or newer, or the role may not; @throws Corrupted  as check_schema; and what
/// connecting throws.
void migrate(PostgresDatabase& database);

/// Compares the schema with what this library needs. @throws SchemaMismatch  it is missing, foreign, older or newer;
/// @throws Corrupted  its sequence of positions could repeat one, or a trigger of the event table is off; and what connecting
/// throws.
void check_schema(PostgresDatabase& database);

EVENT_SOURCING_END_NAMESPACE
