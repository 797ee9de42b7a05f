#include "infrastructure/postgres.hpp"

namespace bank {
namespace {

[[noreturn]] void refuse() {
    throw Missing{"this build has no Postgres store: use --store memory, or build with -DEVENT_SOURCING_POSTGRES=ON"};
}

}  // namespace

std::shared_ptr<event_sourcing::EventStore> open_postgres(StoreOptions const&) { refuse(); }
std::string schema_sql(StoreOptions const&) { refuse(); }
std::string roles_sql(StoreOptions const&, std::string_view) { refuse(); }
int migrate_schema(StoreOptions const&) { refuse(); }
int check_schema(StoreOptions const&) { refuse(); }
std::unique_ptr<DemoTables> make_demo_tables(StoreOptions const&) { refuse(); }

}  // namespace bank
