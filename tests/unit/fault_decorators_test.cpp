#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/inmemory/snapshot_store.hpp>
#include <event_sourcing/testing/counting_ids.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>
#include <event_sourcing/testing/faulty_snapshot_store.hpp>
#include <event_sourcing/testing/fixed_random.hpp>
#include <event_sourcing/testing/gate.hpp>
#include <event_sourcing/testing/gated_event_store.hpp>
#include <event_sourcing/testing/manual_clock.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using namespace event_sourcing;
using namespace std::chrono_literals;
using event_sourcing::testing::Calls;
using event_sourcing::testing::CountingIds;
using event_sourcing::testing::EventStoreCall;
using event_sourcing::testing::FaultyEventStore;
using event_sourcing::testing::FaultySnapshotStore;
using event_sourcing::testing::FixedRandom;
using event_sourcing::testing::Gate;
using event_sourcing::testing::GatedEventStore;
using event_sourcing::testing::ManualClock;
using event_sourcing::testing::SnapshotStoreCall;

constexpr AggregateRef alice{"Account", "alice"};
auto const ignore = [](RecordedEventView const&) {};

Version version(EventStore const& store) { return store.read(alice, {}, ignore); }

EntryResult deposit(EventStore& store, ExpectedVersion expected = ExpectedVersion::any()) {
    return append(store, alice, expected, {NewEvent{.event_type = "Deposited"}});
}

class FaultDecorators : public ::testing::Test {
protected:
    InMemoryEventStore memory;
};

TEST_F(FaultDecorators, PassEveryCallOnAndCountIt) {
    FaultyEventStore store{memory};
    NewEvent const event{.event_type = "Deposited"};
    EXPECT_EQ(append(store, alice, ExpectedVersion::none(), {event}), (EntryResult{Version{1}, Position{1}}));
    EXPECT_EQ(version(store), Version{1});
    EXPECT_EQ(store.read_all({}, ignore), Position{1});
    EXPECT_TRUE(store.find(std::vector{event.id}, ignore));
    for (auto const call :
         {EventStoreCall::append, EventStoreCall::read, EventStoreCall::read_all, EventStoreCall::find}) {
        EXPECT_EQ(store.calls(call), 1U);
    }
}

TEST_F(FaultDecorators, FailTheCallsThatWereChosenAndNoOther) {
    FaultyEventStore store{memory};
    deposit(store);
    store.fail(EventStoreCall::append, std::logic_error{"mine"}, {.first = 2, .count = 2});
    EXPECT_NO_THROW(deposit(store));
    EXPECT_EQ(version(store), Version{2});
    EXPECT_THROW(deposit(store), std::logic_error);
    EXPECT_THROW(deposit(store), std::logic_error);
    EXPECT_NO_THROW(deposit(store));
    EXPECT_EQ(version(memory), Version{3});
    EXPECT_EQ(store.calls(EventStoreCall::append), 5U);
}

TEST_F(FaultDecorators, FailEachOperation) {
    FaultyEventStore store{memory};
    for (auto const call :
         {EventStoreCall::append, EventStoreCall::read, EventStoreCall::read_all, EventStoreCall::find}) {
        store.fail(call, Unavailable{"down"});
    }
    EXPECT_THROW(deposit(store), Unavailable);
    EXPECT_THROW(version(store), Unavailable);
    EXPECT_THROW(store.read_all({}, ignore), Unavailable);
    EXPECT_THROW(store.find({}, ignore), Unavailable);
    EXPECT_EQ(version(memory), Version{});
}

TEST_F(FaultDecorators, LoseARequestBeforeTheFact) {
    FaultyEventStore store{memory};
    store.lose_request();
    EXPECT_THROW(deposit(store), OutcomeUnknown);
    EXPECT_EQ(version(memory), Version{0});
    EXPECT_NO_THROW(deposit(store));
}

TEST_F(FaultDecorators, LoseAReplyAfterTheFact) {
    FaultyEventStore store{memory};
    store.lose_reply();
    EXPECT_THROW(deposit(store), OutcomeUnknown);
    EXPECT_EQ(version(memory), Version{1});
}

TEST_F(FaultDecorators, LoseARefusalLikeAnyReply) {
    FaultyEventStore store{memory};
    store.lose_reply();
    EXPECT_THROW(deposit(store, ExpectedVersion::exists()), OutcomeUnknown);
    EXPECT_EQ(version(memory), Version{0});
}

TEST_F(FaultDecorators, WorkAgainWhenTold) {
    FaultyEventStore store{memory};
    store.fail(EventStoreCall::append, Unavailable{"down"}, {.count = 100});
    EXPECT_THROW(deposit(store), Unavailable);
    store.work_again();
    EXPECT_NO_THROW(deposit(store));
}

TEST_F(FaultDecorators, FailAsManyCallsAsChosenWhereThreadsCallAtOnce) {
    FaultyEventStore store{memory};
    store.fail(EventStoreCall::append, Unavailable{"down"}, {.first = 5, .count = 7});
    std::atomic<int> failed = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&] {
                for (int i = 0; i < 25; ++i) {
                    try {
                        deposit(store);
                    } catch (Unavailable const&) {
                        ++failed;
                    }
                }
            });
        }
    }
    EXPECT_EQ(failed, 7);
    EXPECT_EQ(version(memory), Version{93});
}

TEST_F(FaultDecorators, FailASnapshotStore) {
    InMemorySnapshotStore inner;
    FaultySnapshotStore store{inner};
    Snapshot const snapshot{.aggregate_type = "Account", .aggregate_id = "alice", .version = Version{1}};
    store.fail(SnapshotStoreCall::save, Unavailable{"down"});
    store.fail(SnapshotStoreCall::load, Corrupted{"bad"}, {.first = 2});
    store.fail(SnapshotStoreCall::erase, std::logic_error{"no"});
    EXPECT_THROW(store.save(snapshot), Unavailable);
    EXPECT_EQ(store.load(alice, Version{9}), std::nullopt);
    EXPECT_THROW(static_cast<void>(store.load(alice, Version{9})), Corrupted);
    EXPECT_NO_THROW(store.save(snapshot));
    EXPECT_EQ(store.load(alice, Version{9}), snapshot);
    EXPECT_THROW(store.erase(alice), std::logic_error);
    EXPECT_NO_THROW(store.erase(alice));
    EXPECT_EQ(inner.load(alice, Version{9}), std::nullopt);
    EXPECT_EQ(store.calls(SnapshotStoreCall::load), 3U);
    store.fail(SnapshotStoreCall::load, Unavailable{"down"});
    store.work_again();
    EXPECT_NO_THROW(static_cast<void>(store.load(alice, Version{9})));
}

TEST_F(FaultDecorators, HoldACallBeforeTheStoreSeesIt) {
    GatedEventStore store{memory};
    store.before(EventStoreCall::append).close();
    std::jthread writer{[&] { deposit(store); }};
    store.before(EventStoreCall::append).await_held();
    EXPECT_EQ(version(store), Version{0});
    store.before(EventStoreCall::append).open();
    writer.join();
    EXPECT_EQ(version(store), Version{1});
}

TEST_F(FaultDecorators, HoldACallAfterTheStoreHasDoneIt) {
    GatedEventStore store{memory};
    store.after(EventStoreCall::append).close();
    std::atomic<bool> returned = false;
    std::jthread writer{[&] {
        deposit(store);
        returned = true;
    }};
    store.after(EventStoreCall::append).await_held();
    EXPECT_EQ(version(store), Version{1});
    EXPECT_FALSE(returned);
    store.after(EventStoreCall::append).open();
    writer.join();
    EXPECT_TRUE(returned);
}

TEST_F(FaultDecorators, PassThroughGatesThatAreOpen) {
    GatedEventStore store{memory};
    NewEvent const event{.event_type = "Deposited"};
    EXPECT_EQ(append(store, alice, ExpectedVersion::none(), {event}), (EntryResult{Version{1}, Position{1}}));
    EXPECT_EQ(version(store), Version{1});
    EXPECT_EQ(store.read_all({}, ignore), Position{1});
    EXPECT_TRUE(store.find(std::vector{event.id}, ignore));
    EXPECT_THROW(deposit(store, ExpectedVersion::none()), VersionConflict);
}

TEST(Gate, LetsAsManyThroughAsItIsTold) {
    Gate gate;
    std::atomic<int> passed = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 5; ++i) {
        threads.emplace_back([&] {
            gate.pass();
            ++passed;
            passed.notify_all();
        });
    }
    gate.await_held(5);
    EXPECT_EQ(passed, 0);
    EXPECT_EQ(gate.held(), 5U);
    gate.let_through(2);
    passed.wait(0);
    passed.wait(1);
    EXPECT_EQ(passed, 2);
    EXPECT_EQ(gate.held(), 3U);
    gate.open();
    threads.clear();
    EXPECT_EQ(passed, 5);
    EXPECT_EQ(gate.held(), 0U);
}

TEST(Gate, OpensWhenItIsDestroyed) {
    std::jthread thread;
    bool passed = false;
    {
        Gate gate;
        thread = std::jthread{[&] {
            gate.pass();
            passed = true;
        }};
        gate.await_held();
    }
    thread.join();
    EXPECT_TRUE(passed);
}

TEST(Gate, HoldsAgainAfterItWasClosed) {
    Gate gate;
    gate.open();
    gate.pass();
    gate.close();
    std::jthread const thread{[&] { gate.pass(); }};
    gate.await_held();
    gate.open();
}

TEST(ManualClock, StandsStillUntilItIsMovedAndMovesItsCopies) {
    ManualClock clock;
    Clock const copy = clock;
    auto const start = copy();
    EXPECT_EQ(start, Timestamp{std::chrono::sys_days{std::chrono::January / 1 / 2020}});
    EXPECT_EQ(copy(), start);
    clock.advance(90s);
    EXPECT_EQ(copy(), start + 90s);
    clock.advance(-1us);
    EXPECT_EQ(copy(), start + 90s - 1us);
    clock.set(start);
    EXPECT_EQ(copy(), start);
}

TEST(CountingIds, CountsTogetherWithItsCopies) {
    CountingIds const ids;
    IdSource const copy = ids;
    EXPECT_EQ(to_string(ids()), "00000000-0000-7000-8000-000000000001");
    EXPECT_EQ(copy(), ids.nth(2));
    EXPECT_EQ(ids.given(), 2U);
    EXPECT_EQ(to_string(CountingIds{0xAB}.nth(0x1F0)), "000000ab-0000-7000-8000-0000000001f0");
}

TEST(FixedRandom, GivesItsNumbersInARound) {
    FixedRandom const random{{3, 5}};
    RandomSource const copy = random;
    EXPECT_EQ(random(), 3U);
    EXPECT_EQ(copy(), 5U);
    EXPECT_EQ(random(), 3U);
    EXPECT_THROW(FixedRandom{{}}, InvalidArgument);
}

}  // namespace
