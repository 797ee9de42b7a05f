#pragma once

#include <event_sourcing/inmemory/detail/aggregate_index.hpp>
#include <event_sourcing/inmemory/detail/append_plan.hpp>
#include <event_sourcing/inmemory/detail/arena.hpp>
#include <event_sourcing/inmemory/detail/replay.hpp>
#include <event_sourcing/inmemory/detail/stored_event.hpp>
#include <event_sourcing/namespace.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::inmemory {

/// The events of a store with their indexes; the store's lock guards it. What it hands out is read without the lock.
class EventLog {
public:
    using Events = AppendOnlyList<StoredEvent const*>::View;

    /// Needs no lock: it never changes.
    [[nodiscard]] KeyedHash const& hash() const noexcept { return hash_; }

    [[nodiscard]] Events all() const noexcept { return log_.view(); }

    [[nodiscard]] Events of(AggregateRef name, std::uint64_t hash) const noexcept {
        auto const* const aggregate = aggregates_.find(name, hash);
        return aggregate == nullptr ? Events{} : aggregate->history.view();
    }

    [[nodiscard]] StoredEvent const* find(Uuid id, std::uint64_t hash) const noexcept {
        return find_event(ids_, id, hash);
    }

    /// EventStore::append, for a request that check_request let through. Whatever throws, nothing is stored.
    [[nodiscard]] AppendResult append(AppendPlan& plan) {
        for (auto& entry : plan.entries()) {
            entry.aggregate = aggregates_.find(entry.name, entry.name_hash);
            entry.version = entry.aggregate == nullptr ? Version{} : entry.aggregate->version();
        }
        if (replays(plan, ids_)) {
            return std::move(plan.result());
        }
        for (auto const& entry : plan.entries()) {
            if (!entry.expected.accepts(entry.version)) {
                throw VersionConflict{entry.name, entry.expected, entry.version};
            }
        }
        reserve(plan);
        write(plan, plan.memory(arena_));
        return std::move(plan.result());
    }

private:
    /// Makes room for everything that `write` adds. An aggregate made here and left without events is no trace.
    void reserve(AppendPlan& plan) {
        ids_.reserve(plan.events());
        log_.reserve(plan.events(), arena_);
        for (auto& entry : plan.entries()) {
            if (entry.events.empty()) {
                continue;
            }
            if (entry.aggregate == nullptr) {
                entry.aggregate = aggregates_.add(entry.name, entry.name_hash, hash_, arena_);
            }
            entry.aggregate->history.reserve(entry.events.size(), arena_);
        }
    }

    void write(AppendPlan& plan, std::byte* memory) noexcept {
        auto result = plan.result().entries.begin();
        for (auto& entry : plan.entries()) {
            Position position{};
            for (std::size_t i = 0; i < entry.events.size(); ++i) {
                auto* const stored = plan.is_copied() ? std::launder(reinterpret_cast<StoredEvent*>(memory))
                                                      : write_event(memory, entry.events[i], plan.now());
                memory += stored_bytes(entry.events[i]);
                position = Position{static_cast<std::int64_t>(log_.size()) + 1};
                entry.version = entry.version.next();
                stored->view.aggregate_type = entry.aggregate->name.type;
                stored->view.aggregate_id = entry.aggregate->name.id;
                stored->view.version = entry.version;
                stored->view.position = position;
                entry.aggregate->history.push_back(stored);
                log_.push_back(stored);
                ids_.insert(entry.id_hashes[i], stored);
            }
            *result++ = {entry.version, position};
        }
    }

    KeyedHash const hash_{};
    Arena arena_;
    AppendOnlyList<StoredEvent const*> log_;
    IdIndex ids_;
    AggregateIndex aggregates_;
};

}  // namespace detail::inmemory
EVENT_SOURCING_END_NAMESPACE
