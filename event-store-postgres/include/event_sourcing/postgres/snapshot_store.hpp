#pragma once

#include <event_sourcing/postgres/database.hpp>
#include <event_sourcing/snapshot_store.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A SnapshotStore in Postgres: keeps the latest snapshot of each aggregate.
///
/// Thread safety: every member may be called from several threads at once. Lifetime: the database must outlive it.
class PostgresSnapshotStore final : public SnapshotStore {
public:
    /// On a database.
    explicit PostgresSnapshotStore(PostgresDatabase& database) : database_{&database} {}

    [[nodiscard]] std::optional<Snapshot> load(AggregateRef aggregate, Version at_most) const override;
    void save(Snapshot const& snapshot) override;
    void erase(AggregateRef aggregate) override;

private:
    PostgresDatabase* database_;
};

EVENT_SOURCING_END_NAMESPACE
