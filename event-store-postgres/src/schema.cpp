#include <event_sourcing/postgres/schema.hpp>

#include "database_implementation.hpp"
#include "driver_error.hpp"
#include "identifier.hpp"
#include "schema_sql.hpp"  // generated from sql/

#include <event_sourcing/error.hpp>

#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
    std::string out;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
        out.append(text.substr(0, at)).append(by);
        text.remove_prefix(at + what.size());
    }
    return out.append(text);
}

/// The statements that lead from a version (0: nothing there) to the current one, for a transaction.
std::string steps_from(int version, std::string const& quoted_schema) {
    std::string out;
    if (version == 0) {
        // Not `create schema if not exists`: that asks for a right on the database even where a DBA has made the schema.
        out = "do $$ begin if to_regnamespace('" + quoted_schema + "') is null then create schema " + quoted_schema +
              "; end if; end $$;\n";
    }
    out += "set local search_path = " + quoted_schema + ", pg_temp;\n";
    for (auto step = static_cast<std::size_t>(version); step < migrations.size(); ++step) {
        out += migrations[step];
        if (step > 0) {
            out += "\nupdate event_store_meta set schema_version = " + std::to_string(step + 1) + ";\n";
        }
    }
    return out;
}

/// The version of the schema there; 0 for none. @throws SchemaMismatch  a foreign one.
int found_version(Connection& connection, std::string const& schema, std::string const& quoted_schema) {
    Parameters parameters;
    parameters.text(schema);
    auto const tables = connection.run_once(
        "select count(*) filter (where c.relname = 'event_store_meta'), min(c.relname) "
        "from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = "
        "$1::text "
        "and c.relname in ('event_store_meta', 'event', 'snapshot', 'checkpoint', 'parked_event')",
        parameters);
    if (tables.integer(0, 0) == 0) {
        if (!tables.is_null(0, 1)) {
            throw SchemaMismatch{"the schema " + quoted_schema + " has a table \"" + std::string{tables.text(0, 1)} +
                                 "\" that is not this library's: use another schema (PostgresOptions::schema), or move "
                                 "that table away"};
        }
        return 0;
    }
    auto const meta = connection.run("select schema_version from " + quoted_schema + ".event_store_meta");
    if (meta.size() != 1 || meta.integer(0, 0) < 1) {
        throw SchemaMismatch{"the table " + quoted_schema +
                             ".event_store_meta has no version in its one row: it is foreign or damaged, use another "
                             "schema or restore it"};
    }
    return static_cast<int>(meta.integer(0, 0));
}

void refuse_newer(int found) {
    if (found > postgres_schema_version) {
        throw SchemaMismatch{"the schema has version " + std::to_string(found) + ", but this program knows " +
                             std::to_string(postgres_schema_version) + ": deploy the newer program here as well"};
    }
}

/// All that the statements use must be there: a key that is gone would be noticed by nobody else.
void check_parts(Connection& connection, std::string const& quoted_schema) {
    auto const missing = connection.run(
        "select kind || ' ' || name from (values ('table', 'event'), ('table', 'snapshot'), ('table', 'checkpoint'), "
        "('table', 'parked_event'), ('key', 'event_pkey'), ('key', 'event_id_key'), ('key', 'event_version_key'), "
        "('key', "
        "'snapshot_pkey'), ('key', 'checkpoint_pkey'), ('key', 'parked_event_pkey'), ('check', 'event_has_one_data'), "
        "('function', 'append'), ('function', 'settled'), ('function', 'assert_rising'), ('function', "
        "'remove_aggregate'), "
        "('function', 'renew_incarnation')) needed(kind, name) where not case kind "
        "when 'table' then exists (select from pg_catalog.pg_class where relname = name and relkind in ('r', 'p') and "
        "relnamespace = '" +
        quoted_schema +
        "'::regnamespace) "
        "when 'function' then exists (select from pg_catalog.pg_proc where proname = name and pronamespace = '" +
        quoted_schema +
        "'::regnamespace) "
        "else exists (select from pg_catalog.pg_constraint where conname = name and connamespace = '" +
        quoted_schema + "'::regnamespace and convalidated) end limit 1");
    if (!missing.empty()) {
        throw Corrupted{"the " + std::string{missing.text(0, 0)} +
                        " of the schema is missing: restore it, or make it as postgres_schema_sql has it"};
    }
}

/// Positions must never come twice, every writer must announce itself, and nobody may change an event.
void check_order(Connection& connection, std::string const& quoted_schema) {
    auto const sequence = connection.run(
        "select s.seqcache = 1 and s.seqincrement = 1 and not s.seqcycle, (select coalesce(max(position), 0) from " +
        quoted_schema + ".event) <= case when q.is_called then q.last_value else q.last_value - 1 end " +
        "from pg_catalog.pg_sequence s, " + quoted_schema + ".event_position_seq q where s.seqrelid = '" +
        quoted_schema + ".event_position_seq'::regclass");
    if (sequence.empty() || sequence.text(0, 0) != "t") {
        throw Corrupted{
            "the sequence of event.position must have CACHE 1, INCREMENT 1 and NO CYCLE, or readers lose events: set "
            "them with ALTER SEQUENCE"};
    }
    if (sequence.text(0, 1) != "t") {
        throw Corrupted{
            "the sequence of event.position stands below max(position), so positions would come twice. After a restore "
            "or a copy the owner calls renew_incarnation(), which sets it right"};
    }
    for (auto const* const trigger : {"horizon", "append_only"}) {
        // 6: before insert, for each statement. 58: before update, delete or truncate, for each statement.
        bool const horizon = std::string_view{trigger} == "horizon";
        auto const intact = connection.run(
            "select count(*) from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid where "
            "t.tgrelid = '" +
            quoted_schema + ".event'::regclass and t.tgname = '" + trigger +
            "' and t.tgenabled = 'A' and t.tgqual is null and t.tgtype = " + (horizon ? "6" : "58") +
            " and p.pronamespace = '" + quoted_schema + "'::regnamespace and p.proname = '" +
            (horizon ? "horizon_guard" : "refuse_change") + "'");
        if (intact.integer(0, 0) != 1) {
            throw Corrupted{std::string{"the trigger \""} + trigger +
                            "\" of the event table is missing, changed or not ENABLE ALWAYS, so " +
                            (horizon ? "readers could lose events" : "events could be changed") +
                            ": make it as postgres_schema_sql has it"};
        }
    }
}

}  // namespace

void Database::check_schema() {
    auto connection = pool_.lease();
    mapped("check the schema", [&] {
        watched(*connection, [&](Connection& on) {
            auto const found = found_version(on, options_.schema, quoted_schema_);
            refuse_newer(found);
            if (found < postgres_schema_version) {
                throw SchemaMismatch{found == 0
                                         ? "the schema " + quoted_schema_ +
                                               " does not hold an event store yet: create it (the "
                                               "SQL is that of postgres_schema_sql)"
                                         : "the schema has version " + std::to_string(found) + ", but " +
                                               std::to_string(postgres_schema_version) + " is needed: migrate it"};
            }
            check_parts(on, quoted_schema_);
            check_order(on, quoted_schema_);
        });
    });
}

void Database::migrate() {
    auto connection = pool_.lease();
    mapped("migrate the schema", [&] {
        auto const found =
            watched(*connection, [&](Connection& on) { return found_version(on, options_.schema, quoted_schema_); });
        refuse_newer(found);
        if (found < postgres_schema_version) {
            upgrade(*connection);
        }
        watched(*connection, [&](Connection& on) {
            check_parts(on, quoted_schema_);
            check_order(on, quoted_schema_);
        });
    });
}

/// Without the watchdog, and without statement_timeout: a migration takes its time, and so does waiting for another process's.
void Database::upgrade(Connection& on) {
    on.run("begin isolation level read committed");
    try {
        on.run("set local statement_timeout = 0");
        Parameters name;
        name.text("event_sourcing.migrate." + options_.schema);
        on.run_once("select pg_advisory_xact_lock(hashtextextended($1::text, 0::bigint))", name);
        auto const found = found_version(on, options_.schema, quoted_schema_);  // another process may have been faster
        refuse_newer(found);
        if (found < postgres_schema_version) {
            on.run(steps_from(found, quoted_schema_));
        }
        on.run("commit");
        if (found < postgres_schema_version) {
            log(options_.log, LogLevel::info,
                "the schema " + quoted_schema_ + " was brought from version " + std::to_string(found) + " to " +
                    std::to_string(postgres_schema_version));
        }
    } catch (StatementFailed const& failure) {
        on.run("rollback");
        if (failure.is("42501")) {
            throw SchemaMismatch{
                std::string{"the schema is missing or older, and this role may not create it: have its owner run the "
                            "SQL of postgres_schema_sql. "} +
                failure.what()};
        }
        throw;
    } catch (...) {
        if (on.usable()) {
            on.run("rollback");
        }
        throw;
    }
}

}  // namespace detail::postgres

std::string postgres_schema_sql(std::string_view schema) {
    using namespace detail::postgres;
    return "begin;\n" + steps_from(0, quoted_identifier(schema, "the schema's name")) + "commit;\n";
}

std::string postgres_roles_sql(std::string_view schema, std::string_view role_prefix) {
    using namespace detail::postgres;
    static_cast<void>(quoted_identifier(std::string{role_prefix} + "_replication", "the longest role's name"));
    return replaced(replaced(roles_sql, "@SCHEMA@", quoted_identifier(schema, "the schema's name")), "@PREFIX@",
                    role_prefix);
}

void migrate(PostgresDatabase& database) { database.implementation().migrate(); }

void check_schema(PostgresDatabase& database) { database.implementation().check_schema(); }

EVENT_SOURCING_END_NAMESPACE
