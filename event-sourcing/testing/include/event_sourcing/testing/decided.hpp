#pragma once

#include <event_sourcing/aggregate.hpp>
#include <event_sourcing/json_codec.hpp>
#include <event_sourcing/testing/detail/event_difference.hpp>
#include <event_sourcing/testing/detail/type_name.hpp>
#include <event_sourcing/testing/specification_failed.hpp>

#include <algorithm>
#include <concepts>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace testing {

/// What a decision came to: events, or something thrown. Made by Given::when; a `then` of it says what was expected.
///
/// Events are compared as they would be stored, by stored name and data of the aggregate's default codec: so a member
/// that is not written does not count, and events need no `operator==`. Every `then` returns the object, for further
/// checks.
template <Aggregate A>
class [[nodiscard]] Decided {
public:
    /// The history that was decided on, and what came of it.
    Decided(std::vector<typename A::Event> history, std::vector<typename A::Event> events, std::exception_ptr thrown)
        : history_{std::move(history)}, events_{std::move(events)}, thrown_{std::move(thrown)} {}

    /// Exactly these events were decided, in this order.
    /// @throws SpecificationFailed  with the difference.
    Decided const& then(std::vector<typename A::Event> const& expected) const {
        auto const wanted = encode(expected);
        if (thrown_ != nullptr) {
            fail(std::string{"expected "} + (expected.empty() ? "no events" : "these events") +
                     ", but the decision threw " + detail::describe(thrown_),
                 detail::difference(wanted, {}));
        }
        auto const actual = encode(events_);
        if (!std::equal(wanted.begin(), wanted.end(), actual.begin(), actual.end(), detail::same_event)) {
            fail("other events were decided than expected (- expected, + decided):",
                 detail::difference(wanted, actual));
        }
        return *this;
    }

    /// Exactly the events listed were decided, in this order.
    /// @throws SpecificationFailed  with the difference.
    template <std::convertible_to<typename A::Event>... Events>
        requires(sizeof...(Events) > 0)
    Decided const& then(Events&&... expected) const {
        std::vector<typename A::Event> events;
        events.reserve(sizeof...(expected));
        (events.push_back(std::forward<Events>(expected)), ...);
        return then(events);
    }

    /// The decision was that there is nothing to do.
    /// @throws SpecificationFailed  with the events that were decided, or what was thrown.
    Decided const& then_nothing() const { return then(std::vector<typename A::Event>{}); }

    /// The decision threw a Refusal, or something derived from it.
    /// @throws SpecificationFailed  with what happened in its place.
    template <class Refusal>
    Decided const& then_throws() const {
        return then_throws<Refusal>([](Refusal const&) { return true; }, std::string{});
    }

    /// The decision threw a Refusal with this message.
    /// @throws SpecificationFailed  with what happened in its place.
    template <std::derived_from<std::exception> Refusal>
    Decided const& then_throws(std::string_view message) const {
        return then_throws<Refusal>([message](Refusal const& refusal) { return refusal.what() == message; },
                                    " with the message \"" + std::string{message} + '"');
    }

    /// The decision threw a Refusal for which the predicate is true.
    /// @throws SpecificationFailed  with what happened in its place.
    template <class Refusal, std::predicate<Refusal const&> Holds>
    Decided const& then_throws(Holds holds) const {
        return then_throws<Refusal>(std::move(holds), " for which the predicate holds");
    }

    /// The state with the decided events folded in is as expected.
    /// @throws SpecificationFailed  the predicate is false for it, or the decision threw.
    template <std::predicate<A const&> Holds>
    Decided const& then_state(Holds holds) const {
        if (thrown_ != nullptr) {
            fail("expected a state, but the decision threw " + detail::describe(thrown_), {});
        }
        auto state = fold<A>(history_);
        for (auto const& event : events_) {
            event_sourcing::apply(state, event);
        }
        if (!std::invoke(holds, std::as_const(state))) {
            fail("the state after the decided events is not as expected; decided:",
                 detail::difference({}, encode(events_)));
        }
        return *this;
    }

private:
    template <class Refusal, class Holds>
    Decided const& then_throws(Holds holds, std::string const& which) const {
        auto const wanted = "expected " + detail::type_name(typeid(Refusal)) + which;
        if (thrown_ == nullptr) {
            fail(wanted + ", but nothing was thrown; decided:", detail::difference({}, encode(events_)));
        }
        bool fits = false;
        try {
            std::rethrow_exception(thrown_);
        } catch (Refusal const& refusal) {
            fits = std::invoke(holds, refusal);
        } catch (...) {  // NOLINT(bugprone-empty-catch): told below
        }
        if (!fits) {
            fail(wanted + ", but the decision threw " + detail::describe(thrown_), {});
        }
        return *this;
    }

    [[nodiscard]] static std::vector<NewEvent> encode(std::vector<typename A::Event> const& events) {
        return detail::encoded(events, *default_codec<A>(), {A::aggregate_type, "given"});
    }

    [[noreturn]] static void fail(std::string const& what, std::string const& events) {
        throw SpecificationFailed{std::string{A::aggregate_type} + ": " + what + events};
    }

    std::vector<typename A::Event> history_;
    std::vector<typename A::Event> events_;
    std::exception_ptr thrown_;
};

}  // namespace testing
EVENT_SOURCING_END_NAMESPACE
