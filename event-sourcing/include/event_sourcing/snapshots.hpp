#pragma once

#include <event_sourcing/clock.hpp>
#include <event_sourcing/snapshot_writer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

EVENT_SOURCING_BEGIN_NAMESPACE

/// What a snapshot policy decides by, after a command has stored events.
template <class A>
struct SnapshotMoment {
    A const& state;     ///< the state after the command
    Version version{};  ///< its version
    Version loaded{};   ///< the version of the snapshot it was loaded from; 0 where it was loaded from its first event
};

/// Says whether to take a snapshot now: any predicate, or `after_events(n)`.
template <class A>
using SnapshotPolicy = std::function<bool(SnapshotMoment<A> const&)>;

namespace detail {

struct AfterEvents {
    std::int64_t events;

    template <class A>
    [[nodiscard]] bool operator()(SnapshotMoment<A> const& moment) const {
        return moment.version.value - moment.loaded.value >= events;
    }
};

}  // namespace detail

/// A policy that takes a snapshot once `events` events had to be folded since the last one.
[[nodiscard]] inline detail::AfterEvents after_events(std::int64_t events) { return {events}; }

/// A copy by the copy constructor: what Snapshots::copy is where the state has one.
template <class A>
[[nodiscard]] std::shared_ptr<A const> copy_of(A const& state) {
    return std::make_shared<A const>(state);
}

/// How a Repository uses snapshots of its aggregate: made by `json_snapshots`, or by hand for another encoding.
///
/// A stored snapshot counts only when its fingerprint is this one. Lifetime: the writer must outlive it.
template <class A>
struct Snapshots {
    SnapshotWriter* writer = nullptr;               ///< takes what the policy wants; null: no snapshots at all
    SnapshotPolicy<A> policy{};                     ///< when to take one
    std::string fingerprint{};                      ///< of the encoded state's shape
    std::function<std::string(A const&)> encode{};  ///< on the writer's thread, of what `copy` kept
    std::function<A(std::string_view)> decode{};    ///< what it throws makes the snapshot ignored, not an error
    DataFormat format = DataFormat::json;           ///< of the encoded state
    /// Keeps a state for the writer's thread: `copy_of<A>`, or another way where the state cannot be copied.
    std::function<std::shared_ptr<A const>(A const&)> copy{};
    Clock clock = system_clock();  ///< for Snapshot::timestamp
};

EVENT_SOURCING_END_NAMESPACE
