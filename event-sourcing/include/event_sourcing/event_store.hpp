#pragma once

#include <event_sourcing/append_error.hpp>
#include <event_sourcing/append_request.hpp>
#include <event_sourcing/function_ref.hpp>
#include <event_sourcing/read_options.hpp>

#include <initializer_list>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Gets one event of a read; the view is valid during the call. Returns false to stop; a visitor without a result goes
/// on. It may call the store.
using EventVisitor = FunctionRef<bool(RecordedEventView const&)>;

/// An append-only store of events: the contract that every adapter keeps, in memory or in a database.
///
/// The conformance suite (`event-sourcing::conformance`) is the long form of this page.
/// Thread safety: every member may be called from several threads at once.
class EventStore {
public:
    virtual ~EventStore() = default;

    /// Stores all events of the request, or nothing.
    ///
    /// Idempotent by event id: looked up before any check, the same ids with the same payload at the same place return
    /// their original result, `replayed`. Payload is event type, schema version and data (or fingerprint), not metadata
    /// and not time. A request of checks alone stores nothing.
    /// @throws VersionConflict  the first entry that is not as expected; @throws DuplicateEvent  a known id with
    /// another payload or place, or an id twice; @throws InvalidArgument, PayloadTooLarge  before any I/O: no entries,
    /// one aggregate twice, or beyond the Limits; @throws OutcomeUnknown, Unavailable, Transient  see there.
    virtual AppendResult append(AppendRequest const& request) = 0;

    /// Visits the events of one aggregate in order of version.
    ///
    /// A read (a page of it, where an adapter pages) is one snapshot, in bounded memory.
    /// @return the aggregate's version at that time, whatever was visited; 0 for one without events, which is no error.
    virtual Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const = 0;

    /// Visits the events of the whole store in order of position.
    ///
    /// Once an event was visited, nothing at or below its position ever appears later, and each aggregate's events come
    /// in order of version. Not read-your-writes: an older append in flight hides a newer event.
    /// @return how far it looked: give it back as `after` to go on, also when the filter let nothing through. After a
    /// stop by the visitor or by `limit` it is the position of the last event visited.
    virtual Position read_all(ReadAllOptions const& options, EventVisitor visit) const = 0;

    /// Visits the events with these ids, in order of position, each once.
    /// @return whether all of them were found. For appends in doubt and repeated commands.
    virtual bool find(std::span<Uuid const> ids, EventVisitor visit) const = 0;

protected:
    EventStore() = default;
    EventStore(EventStore const&) = default;
    EventStore& operator=(EventStore const&) = default;
};

/// Appends to one aggregate, the ordinary case. Throws as EventStore::append.
inline EntryResult append(EventStore& store, AggregateRef aggregate, ExpectedVersion expected,
                          std::span<NewEvent const> events) {
    AppendEntry const entry{aggregate, expected, events};
    return store.append({.entries = {&entry, 1}}).entries.front();
}

/// Appends the events listed to one aggregate: `append(store, {"Account", id}, ExpectedVersion::none(), {event})`.
inline EntryResult append(EventStore& store, AggregateRef aggregate, ExpectedVersion expected,
                          std::initializer_list<NewEvent> events) {
    return append(store, aggregate, expected, std::span{events.begin(), events.size()});
}

EVENT_SOURCING_END_NAMESPACE
