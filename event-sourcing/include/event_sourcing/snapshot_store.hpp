#pragma once

#include <event_sourcing/event_envelope.hpp>

#include <optional>

EVENT_SOURCING_BEGIN_NAMESPACE

/// The encoded state of an aggregate as of a version: a short cut for loading, never the truth.
struct Snapshot {
    std::string aggregate_type{};          ///< the aggregate's type
    std::string aggregate_id{};            ///< the aggregate's id
    Version version{};                     ///< the last event folded into the state
    std::string state{};                   ///< the encoded state
    std::string fingerprint{};             ///< of the state's shape: one that differs from the program's is ignored
    DataFormat format = DataFormat::json;  ///< how `state` is encoded
    Timestamp timestamp{};                 ///< when it was taken, UTC

    /// The aggregate it belongs to; refers to this snapshot's text.
    [[nodiscard]] AggregateRef aggregate() const noexcept { return {aggregate_type, aggregate_id}; }

    /// Equal when every member is.
    bool operator==(Snapshot const&) const = default;
};

/// A store of the latest snapshots. Losing it costs time, never truth.
///
/// Thread safety: every member may be called from several threads at once.
class SnapshotStore {
public:
    virtual ~SnapshotStore() = default;

    /// The latest snapshot of the aggregate at or below `at_most`, or nothing. An adapter may keep the latest one only.
    [[nodiscard]] virtual std::optional<Snapshot> load(AggregateRef aggregate, Version at_most) const = 0;

    /// Keeps the snapshot; replaces one of the same or an older version, never a newer one.
    virtual void save(Snapshot const& snapshot) = 0;

    /// Forgets all snapshots of the aggregate, if there are any: after its personal data was shredded, say.
    virtual void erase(AggregateRef aggregate) = 0;

protected:
    SnapshotStore() = default;
    SnapshotStore(SnapshotStore const&) = default;
    SnapshotStore& operator=(SnapshotStore const&) = default;
};

EVENT_SOURCING_END_NAMESPACE
