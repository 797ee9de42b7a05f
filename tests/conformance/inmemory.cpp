#include "inmemory_fixture.hpp"

#include <event_sourcing/conformance/run.hpp>

int main(int argc, char** argv) {
    namespace conformance = event_sourcing::conformance;
    conformance::register_event_store_cases("InMemory", [] { return std::make_unique<InMemoryFixture>(); });
    return conformance::run_all(argc, argv);
}
