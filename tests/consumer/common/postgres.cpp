#include <event_sourcing/postgres/database.hpp>
#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/schema.hpp>
#include <event_sourcing/postgres/snapshot_store.hpp>
#include <event_sourcing/postgres/sql_error.hpp>

#if defined(PQXX_VERSION) || defined(PQXX_VERSION_MAJOR) || defined(LIBPQ_FE_H)
#error "the driver's headers reach the users of event-store-postgres"
#endif

namespace es = event_sourcing;

int main() {
    es::PostgresDatabase database{{.url = "host=127.0.0.1 port=1", .schema = "of_my_own"}};
    es::PostgresEventStore const store{database};
    es::PostgresSnapshotStore const snapshots{database};
    try {
        database.connect();
        return 1;
    } catch (es::Unavailable const&) {
        return es::postgres_schema_sql("of_my_own").find("of_my_own") == std::string::npos;
    }
}
