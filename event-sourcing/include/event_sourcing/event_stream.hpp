#pragma once

// "Stream" is only ever a source of subscriptions here, never the history of one aggregate.

#include <event_sourcing/cursor.hpp>
#include <event_sourcing/read_options.hpp>
#include <event_sourcing/subscriber.hpp>

#include <stop_token>
#include <variant>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Where a subscription starts on a lane for which no cursor is kept yet.
enum class StartAt : unsigned char {
    beginning,  ///< all events
    now,        ///< only events that come later
};

/// What a subscriber wants of a stream.
struct Subscription {
    std::string name;                                         ///< under which cursors are kept
    EventFilter filter{};                                     ///< which events; a cursor moves over the others as well
    std::variant<StartAt, Cursor> from = StartAt::beginning;  ///< where to start while no cursor is kept
    std::size_t batch = 500;                                  ///< at most so many events in one Batch
};

/// A source of subscriptions: hands all events of a store, or of a topic, to a Subscriber, first those that are there,
/// then those to come. ("Stream" never means the history of one aggregate here.)
///
/// Thread safety: several subscriptions may run at once, each in a thread of its own.
class EventStream {
public:
    virtual ~EventStream() = default;

    /// Runs one subscription until asked to stop: blocks, starts no thread, pulls the next batch when the last is
    /// handled. Throws again what the subscriber threw; the events of that batch are delivered again next time.
    /// @throws CursorAhead  the subscriber's cursor is not of this store.
    virtual void run(Subscription const& subscription, Subscriber& subscriber, std::stop_token stop) = 0;

protected:
    EventStream() = default;
    EventStream(EventStream const&) = default;
    EventStream& operator=(EventStream const&) = default;
};

EVENT_SOURCING_END_NAMESPACE
