#pragma once

#include <event_sourcing/aggregate.hpp>
#include <event_sourcing/detail/error_text.hpp>
#include <event_sourcing/event_store.hpp>
#include <event_sourcing/snapshots.hpp>

#include <exception>
#include <limits>
#include <new>
#include <optional>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

inline constexpr Version newest{std::numeric_limits<std::int64_t>::max()};

/// How to load an aggregate: what a Repository knows besides the store.
template <class A, class Codec>
struct Loading {
    std::shared_ptr<Codec const> codec;
    std::shared_ptr<Snapshots<A> const> snapshots;  // null: none
};

/// A state and where it came from.
template <class A>
struct LoadedState {
    A state{};
    Version version{};
    Position position{};                        // of the last event folded; 0 where all came from a snapshot
    Version snapshot{};                         // 0: folded from the first event
    std::optional<Version> ignored_snapshot{};  // of the stored one, where that was of no use: a new one is wanted
};

/// Hands the decoded events of a history to `use(event, record)` and the shredded ones to `shredded(record)`, until one
/// returns false; refuses gaps and unknown types.
template <class Event, class Codec, class Use, class Shredded>
Version visit_history(EventStore const& store, AggregateRef aggregate, ReadOptions const& options, Codec const& codec,
                      Use use, Shredded shredded) {
    auto last = options.after;
    return store.read(aggregate, options, [&](RecordedEventView const& record) -> bool {
        if (options.direction == Direction::forward && record.version != last.next()) {
            throw Corrupted{describe(record) + " follows version " + std::to_string(last.value) +
                            ": the history has a gap. Restore the missing events before going on"};
        }
        last = record.version;
        auto const decoded = codec.decode(record);
        if (auto const* event = std::get_if<Event>(&decoded)) {
            return use(*event, record);
        }
        if (std::get<Undecodable>(decoded) == Undecodable::shredded) {
            return shredded(record);
        }
        throw CodecError{describe(record) +
                         " is of a type that this program does not know: add it to the aggregate's "
                         "events, or an upcaster that renames it"};
    });
}

/// Folds what follows `loaded` into it. @return the aggregate's version in the store.
template <class A, class Codec>
Version fold_history(EventStore const& store, AggregateRef aggregate, Codec const& codec, Version at_most,
                     LoadedState<A>& loaded) {
    auto const applying = [&loaded](RecordedEventView const& record, auto apply_it) {
        try {
            apply_it();
        } catch (std::bad_alloc const&) {
            throw;
        } catch (...) {
            std::throw_with_nested(Corrupted{describe(record) +
                                             " could not be applied: its apply threw. Mend the apply, or the "
                                             "event by an upcaster"});
        }
        loaded.version = record.version;
        loaded.position = record.position;
        return true;
    };
    auto const wanted = at_most > loaded.version ? static_cast<std::size_t>(at_most.value - loaded.version.value) : 0;
    return visit_history<typename A::Event>(
        store, aggregate, {.after = loaded.version, .limit = wanted}, codec,
        [&](typename A::Event const& event, RecordedEventView const& record) {
            return applying(record, [&] { event_sourcing::apply(loaded.state, event); });
        },
        [&](RecordedEventView const& record) {
            return applying(record, [&] {
                if constexpr (Applies<A, ShreddedEvent>) {
                    loaded.state.apply(ShreddedEvent{record});
                }
            });
        });
}

/// The state of the newest usable snapshot; anything wrong with it is a line in the log, never an error.
template <class A>
[[nodiscard]] LoadedState<A> load_snapshot(Snapshots<A> const& snapshots, AggregateRef aggregate, Version at_most) {
    std::optional<Snapshot> snapshot;
    try {
        snapshot = snapshots.writer->store().load(aggregate, at_most);
    } catch (...) {
        snapshots.writer->warn("the snapshot of " + to_string(aggregate) + " cannot be loaded: " + error_text());
    }
    if (!snapshot) {
        return {};
    }
    try {
        if (snapshot->fingerprint == snapshots.fingerprint && snapshot->format == snapshots.format &&
            snapshot->version > Version{} && snapshot->version <= at_most) {
            return {.state = snapshots.decode(snapshot->state),
                    .version = snapshot->version,
                    .snapshot = snapshot->version};
        }
        snapshots.writer->warn("the snapshot of " + to_string(aggregate) +
                               " is of another shape of the state: ignored");
    } catch (...) {
        snapshots.writer->warn("the snapshot of " + to_string(aggregate) + " cannot be read: " + error_text());
    }
    return {.ignored_snapshot = snapshot->version};
}

/// The aggregate as of `at_most`, from a snapshot and the events behind it, or from its first event.
template <class A, class Codec>
[[nodiscard]] LoadedState<A> load_state(EventStore const& store, AggregateRef aggregate,
                                        Loading<A, Codec> const& loading, Version at_most) {
    LoadedState<A> loaded;
    if (loading.snapshots) {
        loaded = load_snapshot(*loading.snapshots, aggregate, at_most);
    }
    auto const actual = fold_history(store, aggregate, *loading.codec, at_most, loaded);
    if (actual < loaded.snapshot) {
        loading.snapshots->writer->warn("the snapshot of " + to_string(aggregate) +
                                        " is ahead of its history: ignored");
        loaded = {.ignored_snapshot = loaded.snapshot};
        fold_history(store, aggregate, *loading.codec, at_most, loaded);
    }
    return loaded;
}

/// Offers a snapshot of the state where the policy wants one, or where the stored one was of no use; what fails is a
/// line in the log.
template <class A>
void offer_snapshot(Snapshots<A> const& snapshots, AggregateRef aggregate, LoadedState<A> const& now) noexcept try {
    if (!now.ignored_snapshot && !snapshots.policy(SnapshotMoment<A>{now.state, now.version, now.snapshot})) {
        return;
    }
    using Job = SnapshotWriter::Job;
    bool const ahead = now.ignored_snapshot && *now.ignored_snapshot > now.version;  // else it is just replaced
    auto encode = [state = snapshots.copy(now.state), version = now.version, type = std::string{aggregate.type},
                   id = std::string{aggregate.id}, fingerprint = snapshots.fingerprint, format = snapshots.format,
                   encode = snapshots.encode, clock = snapshots.clock] {
        return Snapshot{.aggregate_type = type,
                        .aggregate_id = id,
                        .version = version,
                        .state = encode(*state),
                        .fingerprint = fingerprint,
                        .format = format,
                        .timestamp = clock()};
    };
    snapshots.writer->offer({.aggregate_type = std::string{aggregate.type},
                             .aggregate_id = std::string{aggregate.id},
                             .version = now.version,
                             .encode = std::move(encode),
                             .before = ahead ? Job::Before::erase : Job::Before::keep});
} catch (...) {
    snapshots.writer->warn("no snapshot of " + to_string(aggregate) + " was taken: " + error_text());
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
