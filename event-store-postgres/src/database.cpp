#include <event_sourcing/postgres/database.hpp>

#include "database_implementation.hpp"
#include "driver_error.hpp"
#include "identifier.hpp"
#include "transaction_implementation.hpp"

#include <event_sourcing/error.hpp>

#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

constexpr std::int64_t oldest_server = 140000;

PostgresOptions checked(PostgresOptions options) {
    if (options.connections == 0) {
        throw InvalidArgument{"PostgresOptions::connections is 0: at least 1"};
    }
    if (options.answer_timeout <= options.statement_timeout) {
        throw InvalidArgument{
            "PostgresOptions::answer_timeout must be above statement_timeout, so that the server's own answer "
            "comes first"};
    }
    return options;
}

}  // namespace

Database::Database(PostgresOptions options)
    : options_{checked(std::move(options))}, address_{options_.url, options_.answer_timeout, options_.application_name},
      quoted_schema_{quoted_identifier(options_.schema, "the schema's name")}, statements_{quoted_schema_},
      pool_{options_.connections, options_.connection_wait, [this] { return connect(); }, options_.log} {}

Pool::Lease Database::lease() {
    if (!schema_ready_) {
        if (!schema_turn_.try_acquire_for(options_.connection_wait)) {
            throw PoolTimeout{"another caller has been connecting and checking the schema for " +
                              std::to_string(options_.connection_wait.count()) +
                              " ms: see whether the server answers, or raise PostgresOptions::connection_wait"};
        }
        struct Turn {
            std::binary_semaphore& turn;
            ~Turn() { turn.release(); }
        } const turn{schema_turn_};
        if (!schema_ready_) {
            if (options_.migration == Migration::when_allowed) {
                migrate();
            } else {
                check_schema();
            }
            schema_ready_ = true;
        }
    }
    return pool_.lease();
}

std::unique_ptr<Connection> Database::connect() {
    try {
        auto connection = std::make_unique<Connection>(
            address_.connection_string(),
            options_.statements == StatementMode::prepared ? Preparing::once_per_connection : Preparing::never);
        auto const guard = watchdog_.watch(connection->socket(), options_.answer_timeout);
        mapped("connect", [&] { prepare_session(*connection); });
        std::scoped_lock const lock{settled_mutex_};
        settled_ = {};
        return connection;
    } catch (ConnectionLost const& lost) {
        throw Unavailable{
            std::string{"cannot connect to the database: check that the server runs and the address is right. "} +
            address_.without_secrets(lost.what())};
    }
}

void Database::prepare_session(Connection& connection) {
    if (options_.statements == StatementMode::prepared) {
        // One generic plan per statement, by index; without the compiler that such prices would start (see the SQL).
        Parameters settings;
        settings.integer(options_.statement_timeout.count());
        connection.run_once(
            "select set_config('statement_timeout', $1::text, false), "
            "set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false), "
            "set_config('jit', 'off', false), set_config('datestyle', 'ISO', false), "
            "set_config('bytea_output', 'hex', false), set_config('client_min_messages', 'warning', false), "
            "set_config('timezone', 'UTC', false), "
            "set_config('default_transaction_isolation', 'read committed', false)",
            settings);
    }
    auto const server = connection.run(
        "select current_setting('server_version_num'), pg_is_in_recovery() or "
        "current_setting('transaction_read_only')::bool, "
        "current_setting('synchronous_commit'), current_setting('server_encoding'), current_setting('datestyle'), "
        "current_setting('bytea_output')");
    if (server.integer(0, 0) < oldest_server) {
        throw SchemaMismatch{"the server is PostgreSQL " + std::to_string(server.integer(0, 0) / 10000) +
                             ", but 14 or newer is needed"};
    }
    if (server.text(0, 1) == "t") {
        throw NotPrimary{
            "the server is a standby or read-only: connect to the primary (target_session_attrs=read-write)"};
    }
    if (server.text(0, 2) == "off" && options_.asynchronous_commit == AsynchronousCommit::refused) {
        throw SchemaMismatch{
            "synchronous_commit is off: after a crash acknowledged events would be gone and their positions "
            "used twice. Set it to on, local or remote_apply for this role or database"};
    }
    if (server.text(0, 3) != "UTF8") {
        throw SchemaMismatch{"the database's encoding is " + std::string{server.text(0, 3)} + ", but UTF8 is needed"};
    }
    // Set above, but for sessions that a pooler shares among its clients.
    if (!server.text(0, 4).starts_with("ISO") || server.text(0, 5) != "hex") {
        throw SchemaMismatch{"DateStyle is " + std::string{server.text(0, 4)} + " and bytea_output is " +
                             std::string{server.text(0, 5)} +
                             ", but behind a pooler they must be ISO and hex: set them for this role or database"};
    }
}

}  // namespace detail::postgres

PostgresDatabase::PostgresDatabase(PostgresOptions options)
    : implementation_{std::make_unique<detail::postgres::Database>(std::move(options))} {}

PostgresDatabase::~PostgresDatabase() = default;

void PostgresDatabase::connect() { static_cast<void>(implementation_->lease()); }

Transaction PostgresDatabase::begin() {
    auto inside = std::make_unique<Transaction::Implementation>(*implementation_);
    inside->begin();
    return Transaction{std::move(inside)};
}

EVENT_SOURCING_END_NAMESPACE
