#pragma once

#include <event_sourcing/event_codec.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

EVENT_SOURCING_BEGIN_NAMESPACE

/// A state that can fold the event: it has `apply(Event const&)`.
template <class State, class Event>
concept Applies = requires(State& state, Event const& event) { state.apply(event); };

/// What is left of an event whose key was destroyed; an aggregate with `apply(ShreddedEvent const&)` hears of it.
struct ShreddedEvent {
    RecordedEventView const& record;  ///< the stored event, still encrypted; valid during the call
};

namespace detail {

template <class State, class Events>
inline constexpr bool applies_all = false;
template <class State, class... Events>
inline constexpr bool applies_all<State, std::variant<Events...>> = (Applies<State, Events> && ...);

template <class A>
concept AggregateShape = std::default_initializable<A> && std::movable<A> && requires {
    typename A::Event;
    { A::aggregate_type } -> std::convertible_to<std::string_view>;
};

/// Instantiated for each event of an aggregate, so that the compiler names the one that is missing.
template <class A, class Event>
struct HandlesEvent {
    static_assert(Applies<A, Event>,
                  "the aggregate has no apply(Event const&) for this event of its variant: the "
                  "compiler names both in HandlesEvent<Aggregate, Event>");
    static constexpr bool value = Applies<A, Event>;
};

template <class A, class Events>
struct HandlesEvents;
template <class A, class... Events>
struct HandlesEvents<A, std::variant<Events...>> {
    static constexpr bool value = (HandlesEvent<A, Events>::value && ...);
};

}  // namespace detail

/// The state of one thing with a history: a struct that folds its events.
///
/// It has `using Event = std::variant<...>`, `static constexpr std::string_view aggregate_type` and `apply(E const&)`
/// for every alternative; default-constructed, it is the state before the first event. `apply` takes what has happened:
/// it decides nothing and must not refuse. Optional: `static constexpr int snapshot_version` (see json_snapshots) and
/// `static codec()` that returns the codec to use in place of JsonCodec.
template <class A>
concept Aggregate = detail::AggregateShape<A> && detail::applies_all<A, typename A::Event>;

/// Folds one event into the state.
template <detail::AggregateShape A>
void apply(A& state, typename A::Event const& event) {
    static_assert(detail::HandlesEvents<A, typename A::Event>::value);
    std::visit([&state](auto const& alternative) { state.apply(alternative); }, event);
}

/// The state after the events given, from the first: for tests and live views.
template <detail::AggregateShape A, class Events>
[[nodiscard]] A fold(Events const& events) {
    A state{};
    for (auto const& event : events) {
        event_sourcing::apply(state, event);
    }
    return state;
}

EVENT_SOURCING_END_NAMESPACE
