#include "simple_event_store.hpp"

#include <event_sourcing/conformance/run.hpp>

// [fixture]
class SimpleFixture final : public es::conformance::StoreFixture {
public:
    es::EventStore& store() override { return store_; }

private:
    SimpleEventStore store_;
};

int main(int argc, char** argv) {
    es::conformance::register_event_store_cases("Simple", [] { return std::make_unique<SimpleFixture>(); });
    return es::conformance::run_all(argc, argv);
}
// [fixture]
