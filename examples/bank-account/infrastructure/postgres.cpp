#include "infrastructure/postgres.hpp"

#include "infrastructure/complain.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/schema.hpp>
#include <event_sourcing/uuid.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace bank {

namespace es = event_sourcing;

namespace {

[[nodiscard]] es::PostgresOptions to_postgres(StoreOptions const& options) {
    if (options.database_url.empty()) {
        throw Missing{
            "--store postgres needs a server: set DATABASE_URL=postgresql://USER@HOST:PORT/DATABASE, or give "
            "--database-url"};
    }
    return {.url = options.database_url,
            .schema = options.schema,
            .migration = options.migration == StoreOptions::Migration::never ? es::Migration::never
                                                                             : es::Migration::when_allowed,
            .application_name = "bank-account",
            .log = [](es::LogLevel, std::string_view line) { complain(line); }};
}

/// What a store needs to live.
struct Postgres {
    explicit Postgres(StoreOptions const& options) : database{to_postgres(options)}, store{database} {
        database.connect();
    }

    es::PostgresDatabase database;
    es::PostgresEventStore store;
};

class OwnSchema final : public DemoTables {
public:
    explicit OwnSchema(StoreOptions options) : name_{own_name()}, postgres_{with_schema(std::move(options), name_)} {}
    OwnSchema(OwnSchema const&) = delete;
    OwnSchema& operator=(OwnSchema const&) = delete;
    ~OwnSchema() override {
        try {
            auto transaction = postgres_.database.begin();
            transaction.execute("drop schema " + transaction.schema() + " cascade");
            transaction.commit();
        } catch (std::exception const& error) {
            complain("the schema " + name_ + " of this tour is still there, drop it: " + error.what());
        }
    }

    es::EventStore& store() override { return postgres_.store; }

    std::vector<std::vector<std::string>> query(std::string const& sql, std::size_t columns) override {
        auto transaction = postgres_.database.begin();
        auto const rows = run(transaction, sql);
        std::vector<std::vector<std::string>> out(rows.size());
        for (std::size_t row = 0; row < rows.size(); ++row) {
            for (std::size_t column = 0; column < columns; ++column) {
                out[row].emplace_back(rows.text(row, column));
            }
        }
        return out;
    }

    std::string refusal(std::string const& sql) override {
        try {
            auto transaction = postgres_.database.begin();
            run(transaction, sql);
            return {};
        } catch (es::Unavailable const&) {
            throw;
        } catch (es::Error const& error) {
            return one_line(error.what());
        }
    }

private:
    static std::string own_name() {
        auto name = "bank_demo_" + es::to_string(es::Uuid::v7());
        std::replace(name.begin(), name.end(), '-', '_');
        return name;
    }
    static StoreOptions with_schema(StoreOptions options, std::string const& name) {
        options.schema = name;
        return options;
    }
    static es::Rows run(es::Transaction& transaction, std::string const& sql) {
        transaction.execute("set local search_path = " + transaction.schema());
        return transaction.execute(sql);
    }

    std::string name_;
    Postgres postgres_;
};

}  // namespace

std::shared_ptr<es::EventStore> open_postgres(StoreOptions const& options) {
    auto const whole = std::make_shared<Postgres>(options);
    return {whole, &whole->store};
}

std::string schema_sql(StoreOptions const& options) { return es::postgres_schema_sql(options.schema); }

std::string roles_sql(StoreOptions const& options, std::string_view role_prefix) {
    return es::postgres_roles_sql(options.schema, role_prefix);
}

int migrate_schema(StoreOptions const& options) {
    es::PostgresDatabase database{to_postgres(options)};
    es::migrate(database);
    return es::postgres_schema_version;
}

int check_schema(StoreOptions const& options) {
    es::PostgresDatabase database{to_postgres(options)};
    es::check_schema(database);
    return es::postgres_schema_version;
}

std::unique_ptr<DemoTables> make_demo_tables(StoreOptions const& options) {
    return std::make_unique<OwnSchema>(options);
}

}  // namespace bank
