#include "fixture.hpp"
#include "server.hpp"

#include <event_sourcing/conformance/run.hpp>

#include <memory>

int main(int argc, char** argv) {
    event_sourcing::conformance::register_event_store_cases(
        "Postgres", [] { return std::make_unique<postgres_test::Fixture>(postgres_test::server_url()); });
    return event_sourcing::conformance::run_all(argc, argv);
}
