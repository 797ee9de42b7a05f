#pragma once

#include <event_sourcing/snapshot_store.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A SnapshotStore in memory that keeps the latest snapshot of each aggregate.
///
/// So `load` gives nothing where `at_most` lies below the latest: the caller folds from the beginning.
class InMemorySnapshotStore final : public SnapshotStore {
public:
    InMemorySnapshotStore() = default;
    InMemorySnapshotStore(InMemorySnapshotStore const&) = delete;
    InMemorySnapshotStore& operator=(InMemorySnapshotStore const&) = delete;

    /// A copy of the aggregate's latest snapshot if it is at or below `at_most`, else nothing.
    [[nodiscard]] std::optional<Snapshot> load(AggregateRef aggregate, Version at_most) const override {
        std::lock_guard const lock{mutex_};
        auto const found = latest_.find(aggregate);
        return found == latest_.end() || found->second.version > at_most ? std::nullopt : std::optional{found->second};
    }

    /// As SnapshotStore::save says. If memory runs out, `std::bad_alloc` is thrown and nothing is changed.
    void save(Snapshot const& snapshot) override {
        auto copy = snapshot;
        std::lock_guard const lock{mutex_};
        if (auto const found = latest_.find(snapshot.aggregate()); found == latest_.end()) {
            Key key{snapshot.aggregate_type, snapshot.aggregate_id};
            latest_.emplace(std::move(key), std::move(copy));
        } else if (found->second.version <= snapshot.version) {
            std::swap(found->second, copy);
        }
    }

    /// Forgets the aggregate's snapshot, if there is one.
    void erase(AggregateRef aggregate) override {
        std::lock_guard const lock{mutex_};
        if (auto const found = latest_.find(aggregate); found != latest_.end()) {
            latest_.erase(found);
        }
    }

private:
    struct Key {
        std::string type;
        std::string id;
    };

    /// Compares keys with names, so that no key is built to look one up.
    struct Less {
        using is_transparent = void;
        [[nodiscard]] static AggregateRef name(Key const& key) noexcept { return {key.type, key.id}; }
        [[nodiscard]] static AggregateRef name(AggregateRef aggregate) noexcept { return aggregate; }
        template <class Left, class Right>
        [[nodiscard]] bool operator()(Left const& left, Right const& right) const noexcept {
            return name(left) < name(right);
        }
    };

    mutable std::mutex mutex_;
    std::map<Key, Snapshot, Less> latest_;
};

EVENT_SOURCING_END_NAMESPACE
