#pragma once

#include <event_sourcing/cursor.hpp>
#include <event_sourcing/event_envelope.hpp>

#include <optional>
#include <span>

EVENT_SOURCING_BEGIN_NAMESPACE

/// Whether a subscription still catches up with what was stored before, or follows what comes.
enum class Phase : std::uint8_t {
    catching_up,  ///< replaying: side effects towards the outside should rest
    live,         ///< following
};

/// A run of events of one lane, with the cursors around it. Lifetime: valid during the call that hands it out.
struct Batch {
    std::string_view lane;  ///< `""` for an ordered store, `topic/partition` for Kafka
    Cursor const& before;   ///< the place before the first event
    Cursor const& after;    ///< the place behind the last event, and behind those filtered out
    std::span<RecordedEventView const>
        events;                 ///< in the lane's order; may be empty where a filter let nothing through
    Phase phase = Phase::live;  ///< whether the lane still catches up
};

/// Takes the batches of a stream. Who keeps the cursor decides the guarantee.
///
/// A subscriber that leaves `resume` alone lets the stream keep the cursor, once `handle` has returned: at least once.
/// One that keeps the cursors itself, in the transaction of its effect, gets exactly one effect per event. Thread
/// safety: one stream calls it from one thread.
class Subscriber {
public:
    virtual ~Subscriber() = default;

    /// Takes a batch. What it throws ends the subscription; the batch is delivered again when it runs next.
    virtual void handle(Batch const& batch) = 0;

    /// Where to go on, on a lane just assigned; nothing: the stream keeps the cursor itself.
    virtual std::optional<Cursor> resume(std::string_view lane) {
        static_cast<void>(lane);
        return std::nullopt;
    }

    /// The lane is not this subscriber's any more.
    virtual void revoke(std::string_view lane) noexcept { static_cast<void>(lane); }

    /// The lane has passed what was its end when the subscription began; once per run.
    virtual void caught_up(std::string_view lane) { static_cast<void>(lane); }

protected:
    Subscriber() = default;
    Subscriber(Subscriber const&) = default;
    Subscriber& operator=(Subscriber const&) = default;
};

EVENT_SOURCING_END_NAMESPACE
