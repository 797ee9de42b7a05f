#pragma once

#include <event_sourcing/command_context.hpp>
#include <event_sourcing/detail/history.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <variant>
#include <vector>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail {

class SessionSlot;

/// Numbers the events of a session and gives them ids: derived from the command where it has an id.
class Recorder {
public:
    Recorder(std::optional<Uuid> command, IdSource new_id) : command_{command}, new_id_{std::move(new_id)} {}

    [[nodiscard]] Uuid next_id() const {
        if (command_) {
            return Uuid::derived(*command_, recorded_);
        }
        return new_id_ ? new_id_() : Uuid::v7();
    }
    void advance() noexcept { ++recorded_; }

    /// Between these two a record is half done: what throws in between leaves the session broken.
    void begin() noexcept { broken_ = true; }
    void done() noexcept { broken_ = false; }
    [[nodiscard]] bool broken() const noexcept { return broken_; }

    /// The aggregates with events, in the order of their first one.
    [[nodiscard]] std::vector<SessionSlot*> const& written() const noexcept { return written_; }
    void add(SessionSlot& slot) { written_.push_back(&slot); }

private:
    std::optional<Uuid> command_;
    IdSource new_id_;
    std::size_t recorded_ = 0;
    bool broken_ = false;
    std::vector<SessionSlot*> written_;
};

/// One aggregate in a session, whatever its type.
class SessionSlot {
public:
    explicit SessionSlot(AggregateRef aggregate) : type_{aggregate.type}, id_{aggregate.id} {}
    SessionSlot(SessionSlot const&) = delete;
    SessionSlot& operator=(SessionSlot const&) = delete;
    virtual ~SessionSlot() = default;

    [[nodiscard]] AggregateRef aggregate() const noexcept { return {type_, id_}; }
    [[nodiscard]] Version loaded_version() const noexcept { return loaded_version_; }
    [[nodiscard]] std::vector<NewEvent>& events() noexcept { return events_; }
    /// What it stores, or checks.
    [[nodiscard]] AppendEntry entry() const {
        return {aggregate(), ExpectedVersion::exactly(loaded_version_), events_};
    }

    /// After the session's events are stored: must not fail what has been done.
    virtual void committed() noexcept = 0;

protected:
    void loaded(Version version) noexcept { loaded_version_ = version; }
    void add(NewEvent event, Recorder& recorder) {
        if (events_.empty()) {
            recorder.add(*this);
        }
        events_.push_back(std::move(event));
        recorder.advance();
    }

private:
    std::string type_;
    std::string id_;
    Version loaded_version_;
    std::vector<NewEvent> events_;
};

/// One aggregate in a session, with its state.
template <class A>
class StateSlot : public SessionSlot {
public:
    using SessionSlot::SessionSlot;

    virtual void record(typename A::Event const& event, Recorder& recorder) = 0;

    LoadedState<A> now{};
};

/// One aggregate in a session, with its state and codec.
template <class A, class Codec>
class CodingSlot final : public StateSlot<A> {
public:
    CodingSlot(EventStore const& store, AggregateRef aggregate, Loading<A, Codec> loading)
        : StateSlot<A>{aggregate}, loading_{std::move(loading)} {
        this->now = load_state(store, aggregate, loading_, newest);
        this->loaded(this->now.version);
    }

    void record(typename A::Event const& event, Recorder& recorder) override {
        recorder.begin();
        EncodeContext const context{this->aggregate(), recorder.next_id()};
        auto encoded = loading_.codec->encode(event, context);
        encoded.id = context.id;
        event_sourcing::apply(this->now.state, event);
        this->add(std::move(encoded), recorder);
        this->now.version = this->now.version.next();
        recorder.done();
    }

    void committed() noexcept override {
        if (loading_.snapshots) {
            offer_snapshot(*loading_.snapshots, this->aggregate(), this->now);
        }
    }

private:
    Loading<A, Codec> loading_;
};

template <class T, class Event>
inline constexpr bool is_event_of = std::same_as<T, Event>;
template <class T, class... Events>
inline constexpr bool is_event_of<T, std::variant<Events...>> =
    std::same_as<T, std::variant<Events...>> || (std::same_as<T, Events> || ...);

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

/// An optional; what holds an error when it holds no value is none, since that would be dropped.
template <class T>
concept Optional = requires(T const& value) {
    { value.has_value() } -> std::convertible_to<bool>;
    *value;
    requires !requires { value.error(); };
};

/// Adds to `events` what a decision returned: one event, a vector, an optional one, or one of a smaller variant.
///
/// Asks for the very types first: a variant is made from more than its alternatives, from the members of one even.
template <class Event, class Decision>
void collect_events(Decision&& decision, std::vector<Event>& events) {
    using D = std::remove_cvref_t<Decision>;
    if constexpr (is_event_of<D, Event>) {
        events.emplace_back(std::forward<Decision>(decision));
    } else if constexpr (Optional<D>) {
        if (decision.has_value()) {
            collect_events<Event>(*std::forward<Decision>(decision), events);
        }
    } else if constexpr (is_variant<D>) {
        std::visit([&events](auto&& event) { collect_events<Event>(std::forward<decltype(event)>(event), events); },
                   std::forward<Decision>(decision));
    } else {
        static_assert(
            std::ranges::range<Decision>,
            "a decision returns an event of the aggregate's variant, a vector of events, or an optional event");
        constexpr bool owned = !std::is_lvalue_reference_v<Decision> && !std::ranges::view<D>;
        for (auto&& event : decision) {
            if constexpr (owned) {
                collect_events<Event>(std::move(event), events);
            } else {
                collect_events<Event>(std::forward<decltype(event)>(event), events);
            }
        }
    }
}

/// Calls `use(Event const&)` for what a decision returned, once it has all of it: it may refer to the state that `use`
/// changes.
template <class Event, class Decision, class Use>
void for_each_event(Decision&& decision, Use use) {
    if constexpr (is_event_of<std::remove_cvref_t<Decision>, Event>) {
        Event const event{std::forward<Decision>(decision)};
        use(event);
    } else {
        std::vector<Event> events;
        collect_events(std::forward<Decision>(decision), events);
        for (auto const& event : events) {
            use(event);
        }
    }
}

}  // namespace detail
EVENT_SOURCING_END_NAMESPACE
