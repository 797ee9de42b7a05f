#pragma once

#include <event_sourcing/aggregate_ref.hpp>
#include <event_sourcing/expected_version.hpp>
#include <event_sourcing/new_event.hpp>

#include <span>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE

/// What one append does to one aggregate: stores events after checking its version, or, without events, only checks it.
///
/// A check holds: two requests that check what the other writes never both succeed.
/// Lifetime: refers to the caller's text and events.
struct AppendEntry {
    AggregateRef aggregate;                             ///< which aggregate
    ExpectedVersion expected = ExpectedVersion::any();  ///< what is expected of its version
    std::span<NewEvent const> events{};                 ///< what to store, in order; empty: a check
};

/// One atomic append: all of its entries, or nothing. A struct, so that further members never change the virtual
/// function.
struct AppendRequest {
    std::span<AppendEntry const> entries{};  ///< 1-128 entries, each of another aggregate
};

/// Where an entry's aggregate stands after the append.
struct EntryResult {
    Version version{};    ///< of the entry's last event; for a check, of the aggregate
    Position position{};  ///< of the entry's last event; 0 for a check

    /// Equal when both are.
    bool operator==(EntryResult const&) const = default;
};

/// What an append did, with one result per entry in the request's order.
struct AppendResult {
    std::vector<EntryResult> entries{};  ///< in the request's order; positions rise in it
    bool replayed = false;               ///< the events were stored before; this is their original result

    /// Equal when entries and `replayed` are.
    bool operator==(AppendResult const&) const = default;
};

EVENT_SOURCING_END_NAMESPACE
