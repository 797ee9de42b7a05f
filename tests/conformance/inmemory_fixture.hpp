#pragma once

#include <event_sourcing/conformance/store_fixture.hpp>
#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/inmemory/snapshot_store.hpp>

/// The in-memory stores, as the conformance suite wants them.
class InMemoryFixture final : public event_sourcing::conformance::StoreFixture {
public:
    [[nodiscard]] event_sourcing::conformance::Capabilities capabilities() const override {
        return {event_sourcing::conformance::Capability::snapshots};
    }
    [[nodiscard]] event_sourcing::EventStore& store() override { return store_; }
    [[nodiscard]] event_sourcing::SnapshotStore& snapshots() override { return snapshots_; }

private:
    event_sourcing::InMemoryEventStore store_;
    event_sourcing::InMemorySnapshotStore snapshots_;
};
