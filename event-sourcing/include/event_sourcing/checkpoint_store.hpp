#pragma once

#include <event_sourcing/cursor.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

EVENT_SOURCING_BEGIN_NAMESPACE

/// One step of a subscriber on one lane: compare-and-set on the cursor before it. Lifetime: refers to the caller's
/// values.
struct CursorAdvance {
    std::string_view name;  ///< the subscription's name
    std::string_view lane;  ///< the lane
    Cursor const& before;   ///< where the cursor must stand
    Cursor const& after;    ///< where it stands then
};

/// Keeps the cursors of subscriptions whose subscriber does not, and says which process owns a lane.
///
/// Thread safety: every member may be called from several threads at once.
class CheckpointStore {
public:
    virtual ~CheckpointStore() = default;

    /// Takes or renews the lease on a lane. The store's clock decides when a lease that is not renewed has ended.
    /// @return the epoch of the lease, which fences earlier owners; nothing while another owner holds it.
    virtual std::optional<std::int64_t> acquire(std::string_view name, std::string_view lane,
                                                std::string_view owner) = 0;

    /// Gives the lease of that epoch back, so that another owner need not wait for its end; no effect when it is not
    /// held.
    virtual void release(std::string_view name, std::string_view lane, std::int64_t epoch) noexcept = 0;

    /// The cursor kept for the lane; the beginning where there is none.
    [[nodiscard]] virtual Cursor load(std::string_view name, std::string_view lane) const = 0;

    /// Moves the cursor.
    /// @throws Fenced  the epoch is not the lane's current one, or the cursor does not stand at `before`.
    virtual void advance(CursorAdvance const& step, std::int64_t epoch) = 0;

protected:
    CheckpointStore() = default;
    CheckpointStore(CheckpointStore const&) = default;
    CheckpointStore& operator=(CheckpointStore const&) = default;
};

EVENT_SOURCING_END_NAMESPACE
