#include "workloads.hpp"

#include "libpq.hpp"
#include "schema.hpp"

namespace event_sourcing::benchmarks {

void add_postgres_workloads(Workloads& to, Options const& options) {
    postgres::add_append_workloads(to);
    postgres::add_read_workloads(to);
    postgres::add_command_workloads(to);
    if (options.extent == Options::Extent::full) {
        postgres::add_growth_workloads(to);
    }
}

std::string postgres_hindrance() {
    if (postgres::server_url().empty()) {
        return "EVENT_SOURCING_TEST_DATABASE_URL names no server; scripts/bench starts one by itself";
    }
    try {
        postgres::Libpq sql{postgres::server_url()};
        for (char const* const setting : {"fsync", "synchronous_commit", "full_page_writes"}) {
            auto const value = sql.value(std::string{"show "} + setting);
            if (value != "on") {
                return std::string{"the server has "} + setting + " = " + value + ", but figures are wanted with it on";
            }
        }
    } catch (postgres::LibpqError const& error) {
        return std::string{"the server of EVENT_SOURCING_TEST_DATABASE_URL cannot be used: "} + error.what();
    }
    return {};
}

}  // namespace event_sourcing::benchmarks
