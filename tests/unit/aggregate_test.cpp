#include "support/account.hpp"

#include <event_sourcing/aggregate.hpp>
#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/repository.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace event_sourcing;

static_assert(Aggregate<bank::Account>);

struct Ticked {
    static constexpr std::string_view event_type = "Ticked";
};

struct WithoutApply {
    using Event = std::variant<Ticked>;
    static constexpr std::string_view aggregate_type = "T";
};
struct WithoutName {
    using Event = std::variant<Ticked>;
    void apply(Ticked const& /*event*/) {}
};
struct WithoutDefault : WithoutName {
    [[maybe_unused]] static constexpr std::string_view aggregate_type = "T";
    explicit WithoutDefault(int /*start*/) {}
};
struct Immovable : WithoutName {
    [[maybe_unused]] static constexpr std::string_view aggregate_type = "T";
    Immovable() = default;
    Immovable(Immovable const&) = delete;
    Immovable& operator=(Immovable const&) = delete;
};
struct ChangesTheEvent {
    using Event = std::variant<Ticked>;
    static constexpr std::string_view aggregate_type = "T";
    void apply(Ticked& /*event*/) {}
};

static_assert(!Aggregate<WithoutApply> && !Aggregate<WithoutName> && !Aggregate<WithoutDefault> &&
              !Aggregate<Immovable> && !Aggregate<ChangesTheEvent>);

TEST(Fold, AppliesTheEventsInOrder) {
    std::vector<bank::AccountEvent> const events{bank::Opened{"Alice"}, bank::Deposited{100}, bank::Withdrawn{30},
                                                 bank::Closed{}};
    EXPECT_EQ(fold<bank::Account>(events), (bank::Account{.owner = "Alice", .balance = 70, .open = false}));
    EXPECT_EQ(fold<bank::Account>(std::vector<bank::AccountEvent>{}), bank::Account{});
}

TEST(Apply, FoldsOneEvent) {
    bank::Account account;
    event_sourcing::apply(account, bank::Deposited{5});
    EXPECT_EQ(account.balance, 5);
}

// ---- unusual, yet legal: each must compile and go from a command to a loaded state

template <class A>
A after(InMemoryEventStore& store, typename A::Event const& event) {
    Repository<A> const repository{store};
    repository.execute("one", [&](A const&) { return event; });
    return repository.load("one").state;
}

struct SingleEvent {
    using Event = std::variant<Ticked>;
    static constexpr std::string_view aggregate_type = "SingleEvent";
    int ticks = 0;
    void apply(Ticked const& /*event*/) { ++ticks; }
};

TEST(AnAggregate, MayHaveASingleEvent) {
    InMemoryEventStore store;
    EXPECT_EQ(after<SingleEvent>(store, Ticked{}).ticks, 1);
}

struct MoveOnly {
    using Event = std::variant<Ticked>;
    static constexpr std::string_view aggregate_type = "MoveOnly";
    std::unique_ptr<int> ticks = std::make_unique<int>(0);
    void apply(Ticked const& /*event*/) { ++*ticks; }
};

TEST(AnAggregate, MayBeMoveOnly) {
    static_assert(Aggregate<MoveOnly>);
    InMemoryEventStore store;
    EXPECT_EQ(*after<MoveOnly>(store, Ticked{}).ticks, 1);
    EXPECT_EQ(*fold<MoveOnly>(std::vector<MoveOnly::Event>(3)).ticks, 3);
    execute(store, [](Session& session) { session.load<MoveOnly>("two").record(Ticked{}); });
}

struct SeemsCopyable {
    using Event = std::variant<Ticked>;
    static constexpr std::string_view aggregate_type = "SeemsCopyable";
    std::vector<std::unique_ptr<int>> ticks{};
    void apply(Ticked const& /*event*/) { ticks.push_back(std::make_unique<int>(1)); }
};

TEST(AnAggregate, MayHoldAContainerOfMoveOnlyThings) {
    InMemoryEventStore store;
    EXPECT_EQ(after<SeemsCopyable>(store, Ticked{}).ticks.size(), 1U);
}

struct NamedByString {
    using Event = std::variant<Ticked>;
    static inline std::string const aggregate_type = "NamedByString";
    int ticks = 0;
    void apply(Ticked const& /*event*/) { ++ticks; }
};
struct NamedByPointer {
    using Event = std::variant<Ticked>;
    static constexpr char const* aggregate_type = "NamedByPointer";
    int ticks = 0;
    void apply(Ticked const& /*event*/) { ++ticks; }
};
struct NamedByArray {
    using Event = std::variant<Ticked>;
    static constexpr char aggregate_type[] = "NamedByArray";  // NOLINT(*-avoid-c-arrays)
    int ticks = 0;
    void apply(Ticked const& /*event*/) { ++ticks; }
};

TEST(AnAggregate, MayHaveItsNameAsAStringAPointerOrAnArray) {
    InMemoryEventStore store;
    EXPECT_EQ(after<NamedByString>(store, Ticked{}).ticks, 1);
    EXPECT_EQ(after<NamedByPointer>(store, Ticked{}).ticks, 1);
    EXPECT_EQ(after<NamedByArray>(store, Ticked{}).ticks, 1);
}

struct Generic {
    using Event = bank::AccountEvent;
    static constexpr std::string_view aggregate_type = "Generic";
    int events = 0;
    std::int64_t balance = 0;

    template <class E>
    int apply(E const& /*event*/) {
        return ++events;
    }
    int apply(bank::Deposited const& event) {
        balance += event.amount;
        return ++events;
    }
};

TEST(AnAggregate, MayApplyByATemplateAndHaveResults) {
    InMemoryEventStore store;
    auto const state = after<Generic>(store, bank::Deposited{5});
    EXPECT_EQ(state.events, 1);
    EXPECT_EQ(state.balance, 5);
}

class Encapsulated {
public:
    using Event = std::variant<Ticked>;
    static constexpr std::string_view aggregate_type = "Encapsulated";

    Encapsulated() : seen_{{"start", 1}} {}
    void apply(Ticked const& /*event*/) noexcept { ++seen_["ticks"]; }
    [[nodiscard]] int ticks() const { return seen_.at("ticks"); }

private:
    std::map<std::string, int> seen_;
};

TEST(AnAggregate, MayBeAClassWithAConstructor) {
    InMemoryEventStore store;
    EXPECT_EQ(after<Encapsulated>(store, Ticked{}).ticks(), 1);
}

struct MoveOnlyEvent {
    static constexpr std::string_view event_type = "MoveOnlyEvent";
    std::unique_ptr<int> value{};
};
void to_json(nlohmann::json& json, MoveOnlyEvent const& event) { json = *event.value; }
void from_json(nlohmann::json const& json, MoveOnlyEvent& event) {
    event.value = std::make_unique<int>(checked_get<int>(json, ""));
}
struct OfMoveOnlyEvents {
    using Event = std::variant<MoveOnlyEvent, Ticked>;
    static constexpr std::string_view aggregate_type = "OfMoveOnlyEvents";
    int sum = 0;
    void apply(MoveOnlyEvent const& event) { sum += *event.value; }
    void apply(Ticked const& /*event*/) {}
};

TEST(AnAggregate, MayHaveMoveOnlyEvents) {
    InMemoryEventStore store;
    Repository<OfMoveOnlyEvents> const repository{store};
    repository.execute("one", [](OfMoveOnlyEvents const&) { return MoveOnlyEvent{std::make_unique<int>(2)}; });
    repository.execute("one", [](OfMoveOnlyEvents const&) {
        std::vector<OfMoveOnlyEvents::Event> events;
        events.emplace_back(MoveOnlyEvent{std::make_unique<int>(3)});
        events.emplace_back(Ticked{});
        return events;
    });
    EXPECT_EQ(repository.load("one").state.sum, 5);
    EXPECT_EQ(repository.load("one").version, Version{3});
}

}  // namespace
