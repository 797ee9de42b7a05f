#pragma once

#include <event_sourcing/aggregate.hpp>
#include <event_sourcing/detail/session_slot.hpp>
#include <event_sourcing/json_codec.hpp>
#include <event_sourcing/testing/decided.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// An aggregate with a history, about to be asked for a decision. Made by `given`.
///
/// ```cpp
/// given<Account>(Opened{"alice"}, Deposited{100})
///     .when([](Account const& account) { return account.withdraw(30); })
///     .then(Withdrawn{30});
/// ```
template <Aggregate A>
class [[nodiscard]] Given {
public:
    /// With the events that have happened, the first one first.
    explicit Given(std::vector<typename A::Event> history) : history_{std::move(history)}, state_{fold<A>(history_)} {}

    /// Runs a decision, written as for Repository::execute: `decide(A const&)` returns one event, a vector or an
    /// optional of events, or throws its refusal. What it throws is kept for `then_throws`.
    template <std::invocable<A const&> Decide>
    [[nodiscard]] Decided<A> when(Decide decide) const {
        std::vector<typename A::Event> events;
        try {
            event_sourcing::detail::for_each_event<typename A::Event>(
                std::invoke(decide, state_), [&](typename A::Event event) { events.push_back(std::move(event)); });
        } catch (...) {
            return Decided<A>{history_, {}, std::current_exception()};
        }
        return Decided<A>{history_, std::move(events), nullptr};
    }

    /// Checks the state that the history leads to.
    /// @throws SpecificationFailed  the predicate is false for it.
    template <std::predicate<A const&> Holds>
    Given const& then_state(Holds holds) const {
        if (!std::invoke(holds, state_)) {
            throw SpecificationFailed{"the state after the given events is not as expected"};
        }
        return *this;
    }

private:
    std::vector<typename A::Event> history_;
    A state_;
};

/// Starts a specification with a history in a vector.
template <Aggregate A>
Given<A> given(std::vector<typename A::Event> history) {
    return Given<A>{std::move(history)};
}

/// Starts a specification with the events listed; with none, the aggregate does not exist yet.
template <Aggregate A, std::convertible_to<typename A::Event>... Events>
Given<A> given(Events&&... events) {
    std::vector<typename A::Event> history;
    history.reserve(sizeof...(events));
    (history.push_back(std::forward<Events>(events)), ...);
    return Given<A>{std::move(history)};
}

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
