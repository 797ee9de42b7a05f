#include "allocation_counter.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/testing/counting_ids.hpp>
#include <event_sourcing/testing/gate.hpp>
#include <event_sourcing/testing/manual_clock.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace event_sourcing;
using event_sourcing::testing::CountingIds;
using event_sourcing::testing::Gate;
using event_sourcing::testing::ManualClock;
using namespace std::chrono_literals;

constexpr AggregateRef alice{"Account", "alice"};
constexpr AggregateRef bob{"Account", "bob"};

NewEvent event(std::string data = "{}") { return {.event_type = "Deposited", .data = std::move(data)}; }

std::vector<NewEvent> events(std::size_t count) {
    std::vector<NewEvent> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(event(std::to_string(i)));
    }
    return out;
}

AppendResult append_all(EventStore& store, std::vector<AppendEntry> const& entries) { return store.append({entries}); }

std::vector<RecordedEvent> history(EventStore const& store, AggregateRef aggregate, ReadOptions const& options = {}) {
    std::vector<RecordedEvent> out;
    store.read(aggregate, options, [&](RecordedEventView const& each) { out.push_back(to_owned(each)); });
    return out;
}

std::vector<RecordedEvent> everything(EventStore const& store) {
    std::vector<RecordedEvent> out;
    store.read_all({.limit = 1'000'000}, [&](RecordedEventView const& each) { out.push_back(to_owned(each)); });
    return out;
}

template <class E, class F>
std::optional<E> caught(F call) {
    try {
        call();
    } catch (E const& error) {
        return error;
    }
    return std::nullopt;
}

TEST(InMemoryEventStore, GivesBackEveryMemberOfAnEvent) {
    ManualClock const clock;
    InMemoryEventStore store{{.clock = clock}};
    NewEvent const first{.id = Uuid::v7(),
                         .event_type = "Deposited",
                         .schema_version = 3,
                         .data = R"({"amount":1})",
                         .metadata = R"({"user":"u"})"};
    NewEvent const second{.id = Uuid::v7(),
                          .event_type = "Scanned",
                          .data = std::string("\0\xff", 2),
                          .format = DataFormat::binary,
                          .timestamp = clock() - 1h,
                          .fingerprint = "secret"};
    append(store, bob, ExpectedVersion::none(), {event()});
    append(store, alice, ExpectedVersion::none(), {first, second});
    auto const stored = history(store, alice);
    ASSERT_EQ(stored.size(), 2U);
    RecordedEvent expected;
    expected.id = first.id;
    expected.aggregate_type = "Account";
    expected.aggregate_id = "alice";
    expected.event_type = "Deposited";
    expected.schema_version = 3;
    expected.version = Version{1};
    expected.position = Position{2};
    expected.timestamp = clock();
    expected.metadata = first.metadata;
    expected.data = first.data;
    EXPECT_EQ(stored[0], expected);
    expected.id = second.id;
    expected.event_type = "Scanned";
    expected.schema_version = 1;
    expected.version = Version{2};
    expected.position = Position{3};
    expected.timestamp = clock() - 1h;
    expected.metadata.clear();
    expected.data = second.data;
    expected.format = DataFormat::binary;
    EXPECT_EQ(stored[1], expected);
}

TEST(InMemoryEventStore, AsksTheClockOnceForAnAppendAndNotWhereEveryEventBringsItsTime) {
    int asked = 0;
    InMemoryEventStore store{{.clock = [&asked] { return Timestamp{std::chrono::microseconds{++asked}}; }}};
    append(store, alice, ExpectedVersion::none(), events(3));
    EXPECT_EQ(asked, 1);
    auto timed = event();
    timed.timestamp = Timestamp{5us};
    append(store, alice, ExpectedVersion::any(), {timed});
    EXPECT_EQ(asked, 1);
}

TEST(InMemoryEventStore, KeepsNothingWhereTheClockThrows) {
    InMemoryEventStore store{{.clock = []() -> Timestamp { throw std::runtime_error{"no time"}; }}};
    EXPECT_THROW(append(store, alice, ExpectedVersion::none(), {event()}), std::runtime_error);
    EXPECT_EQ(history(store, alice).size(), 0U);
}

TEST(InMemoryEventStore, RefusesAnEmptyClockAndLimitsAboveTheDefault) {
    EXPECT_THROW(InMemoryEventStore{{.clock = Clock{}}}, InvalidArgument);
    EXPECT_THROW(InMemoryEventStore({.limits = {.entries = 129}}), InvalidArgument);
}

TEST(InMemoryEventStore, KeepsToLowerLimits) {
    InMemoryEventStore store{{.limits = {.id_bytes = 3}}};
    EXPECT_THROW(append(store, alice, ExpectedVersion::any(), {event()}), InvalidArgument);
    EXPECT_EQ(append(store, bob, ExpectedVersion::any(), {event()}).version, Version{1});
}

TEST(InMemoryEventStore, RefusesToReadAnAggregateThatNoAppendCouldWrite) {
    InMemoryEventStore const store;
    auto const ignore = [](RecordedEventView const&) {};
    EXPECT_THROW(store.read({"", "a"}, {}, ignore), InvalidArgument);
    EXPECT_THROW(store.read({"Account", ""}, {}, ignore), InvalidArgument);
    EXPECT_THROW(store.read({"Account", std::string(256, 'x')}, {}, ignore), InvalidArgument);
}

TEST(InMemoryEventStore, NamesTheFirstEntryThatIsNotAsExpected) {
    InMemoryEventStore store;
    append(store, bob, ExpectedVersion::none(), events(2));
    auto const more = events(1);
    auto const conflict = caught<VersionConflict>([&] {
        append_all(store, {{alice, ExpectedVersion::none(), more},
                           {bob, ExpectedVersion::exactly(Version{1}), {}},
                           {{"Account", "carol"}, ExpectedVersion::exists(), {}}});
    });
    ASSERT_TRUE(conflict);
    EXPECT_EQ(conflict->aggregate(), bob);
    EXPECT_EQ(conflict->expected(), ExpectedVersion::exactly(Version{1}));
    EXPECT_EQ(conflict->actual(), Version{2});
    EXPECT_EQ(everything(store).size(), 2U);
    EXPECT_EQ(history(store, alice).size(), 0U);
}

TEST(InMemoryEventStore, ComparesTheFingerprintInPlaceOfTheDataWhereThereIsOne) {
    InMemoryEventStore store;
    auto sealed = event("\"nonce 1\"");
    sealed.fingerprint = "plain";
    auto const first = append(store, alice, ExpectedVersion::none(), {sealed});
    sealed.data = "\"nonce 2\"";
    EXPECT_EQ(append(store, alice, ExpectedVersion::none(), {sealed}), first);
    EXPECT_EQ(history(store, alice).front().data, "\"nonce 1\"");
    sealed.fingerprint = "other";
    EXPECT_THROW(append(store, alice, ExpectedVersion::none(), {sealed}), DuplicateEvent);
    sealed.fingerprint.clear();
    EXPECT_THROW(append(store, alice, ExpectedVersion::none(), {sealed}), DuplicateEvent);
}

TEST(InMemoryEventStore, GivesAReplayedCheckTheVersionOfNow) {
    InMemoryEventStore store;
    append(store, bob, ExpectedVersion::none(), {event()});
    auto const mine = events(2);
    std::vector<AppendEntry> const entries{{bob, ExpectedVersion::exactly(Version{1}), {}},
                                           {alice, ExpectedVersion::none(), mine}};
    auto const original = append_all(store, entries);
    append(store, bob, ExpectedVersion::any(), {event()});
    append(store, alice, ExpectedVersion::any(), {event()});
    auto const again = append_all(store, entries);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.entries[0], (EntryResult{Version{2}, Position{}}));
    EXPECT_EQ(again.entries[1], original.entries[1]);
}

TEST(InMemoryEventStore, TakesEventsLargerThanAChunkAndManyAtOnce) {
    InMemoryEventStore store;
    std::vector<NewEvent> batch;
    for (std::size_t i = 0; i < 20; ++i) {
        batch.push_back({.event_type = "Blob", .data = std::string(i * 25'000, 'x'), .format = DataFormat::binary});
    }
    append(store, alice, ExpectedVersion::none(), batch);
    append(store, bob, ExpectedVersion::none(), events(10'000));
    auto const blobs = history(store, alice);
    ASSERT_EQ(blobs.size(), batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        EXPECT_EQ(blobs[i].data, batch[i].data);
    }
    auto const many = history(store, bob);
    ASSERT_EQ(many.size(), 10'000U);
    for (std::size_t i = 0; i < many.size(); ++i) {
        ASSERT_EQ(many[i].data, std::to_string(i));
        ASSERT_EQ(many[i].version.value, static_cast<std::int64_t>(i + 1));
    }
}

TEST(InMemoryEventStore, FindsByPositionEachOnce) {
    InMemoryEventStore store;
    auto const stored = events(5);
    append(store, alice, ExpectedVersion::none(), stored);
    std::vector<std::int64_t> visited;
    auto const visit = [&](RecordedEventView const& each) { visited.push_back(each.position.value); };
    EXPECT_TRUE(store.find(std::vector{stored[4].id, stored[0].id, stored[4].id, stored[2].id}, visit));
    EXPECT_EQ(visited, (std::vector<std::int64_t>{1, 3, 5}));
    visited.clear();
    EXPECT_FALSE(store.find(std::vector{stored[3].id, Uuid{}}, visit));
    EXPECT_EQ(visited, (std::vector<std::int64_t>{4}));
    visited.clear();
    EXPECT_TRUE(store.find({}, visit));
    EXPECT_TRUE(visited.empty());
    int visits = 0;
    EXPECT_TRUE(
        store.find(std::vector{stored[0].id, stored[1].id}, [&](RecordedEventView const&) { return ++visits, false; }));
    EXPECT_EQ(visits, 1);
}

TEST(InMemoryEventStore, ReadsTheSamePartOfAHistoryAsAPlainLoop) {
    InMemoryEventStore store;
    append(store, alice, ExpectedVersion::none(), events(9));
    std::vector<std::int64_t> bounds{std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()};
    for (std::int64_t after = -1; after <= 12; ++after) {
        bounds.push_back(after);
    }
    for (auto const after : bounds) {
        for (std::size_t limit = 0; limit <= 11; ++limit) {
            std::vector<std::int64_t> forward;
            for (std::int64_t v = 1; v <= 9 && forward.size() < limit; ++v) {
                if (v > after) forward.push_back(v);
            }
            std::vector<std::int64_t> backward;
            for (std::int64_t v = 9; v >= 1 && backward.size() < limit; --v) {
                if (after == 0 || v < after) backward.push_back(v);
            }
            for (auto const direction : {Direction::forward, Direction::backward}) {
                std::vector<std::int64_t> visited;
                EXPECT_EQ(store.read(alice, {Version{after}, limit, direction},
                                     [&](RecordedEventView const& each) { visited.push_back(each.version.value); }),
                          Version{9});
                EXPECT_EQ(visited, direction == Direction::forward ? forward : backward) << after << ' ' << limit;
            }
        }
    }
}

TEST(InMemoryEventStore, NeitherLosesNorRepeatsAnEventWhenReadInPages) {
    InMemoryEventStore store;
    for (int i = 0; i < 23; ++i) {
        append(store, i % 3 == 0 ? alice : bob, ExpectedVersion::any(),
               {NewEvent{.event_type = i % 2 == 0 ? "Even" : "Odd", .data = std::to_string(i)}});
    }
    for (auto const direction : {Direction::forward, Direction::backward}) {
        for (auto const& filter :
             {EventFilter{}, EventFilter{.event_types = {"Odd"}}, EventFilter{.event_types = {"No"}},
              EventFilter{{"Account"}, {"Even", "Odd"}}, EventFilter{{"Other"}, {}}}) {
            std::vector<std::int64_t> once;
            store.read_all({.limit = 100, .filter = filter, .direction = direction},
                           [&](RecordedEventView const& each) { once.push_back(each.position.value); });
            for (std::size_t limit = 1; limit <= 24; ++limit) {
                std::vector<std::int64_t> paged;
                Position after{};
                while (true) {
                    auto const reached =
                        store.read_all({after, limit, filter, direction},
                                       [&](RecordedEventView const& each) { paged.push_back(each.position.value); });
                    if (reached == after) break;
                    after = reached;
                }
                EXPECT_EQ(paged, once) << limit;
                EXPECT_EQ(after, Position{direction == Direction::forward ? 23 : 1});
            }
        }
    }
}

TEST(InMemoryEventStore, SaysHowFarItLooked) {
    InMemoryEventStore store;
    auto const ignore = [](RecordedEventView const&) {};
    auto const stop = [](RecordedEventView const&) { return false; };
    auto const backward = Direction::backward;
    EXPECT_EQ(store.read_all({}, ignore), Position{0});
    EXPECT_EQ(store.read_all({.direction = backward}, ignore), Position{0});
    append(store, alice, ExpectedVersion::none(), events(5));
    EXPECT_EQ(store.read_all({}, ignore), Position{5});
    EXPECT_EQ(store.read_all({}, stop), Position{1});
    EXPECT_EQ(store.read_all({.limit = 2}, ignore), Position{2});
    EXPECT_EQ(store.read_all({.after = Position{3}, .limit = 0}, ignore), Position{3});
    EXPECT_EQ(store.read_all({.after = Position{5}}, ignore), Position{5});
    EXPECT_EQ(store.read_all({.after = Position{9}}, ignore), Position{9});
    EXPECT_EQ(store.read_all({.filter = {.event_types = {"None"}}}, ignore), Position{5});
    EXPECT_EQ(store.read_all({.direction = backward}, ignore), Position{1});
    EXPECT_EQ(store.read_all({.direction = backward}, stop), Position{5});
    EXPECT_EQ(store.read_all({.limit = 0, .direction = backward}, ignore), Position{0});
    EXPECT_EQ(store.read_all({.after = Position{1}, .direction = backward}, ignore), Position{1});
    EXPECT_EQ(store.read_all({.after = Position{9}, .limit = 2, .direction = backward}, ignore), Position{4});
    EXPECT_EQ(store.read_all({.filter = {.event_types = {"None"}}, .direction = backward}, ignore), Position{1});
}

TEST(InMemoryEventStore, ReadsAnyNumberOfEventsWithoutAllocating) {
    InMemoryEventStore store;
    append(store, alice, ExpectedVersion::none(), events(1000));
    std::size_t bytes = 0;
    auto const look = [&](RecordedEventView const& each) { bytes += each.data.size() + each.metadata.size(); };
    ReadAllOptions const all{.filter = {.event_types = {"Deposited"}}};
    AllocationCounter const allocations;
    store.read(alice, {}, look);
    store.read(alice, {.direction = Direction::backward}, look);
    store.read_all(all, look);
    EXPECT_EQ(allocations.count(), 0U);
    EXPECT_GT(bytes, 0U);
}

TEST(InMemoryEventStore, AllocatesLessThanOnceForFiveEventsThatItStores) {
    InMemoryEventStore store;
    auto const batch = events(1000);
    AllocationCounter const allocations;
    append(store, alice, ExpectedVersion::none(), batch);
    EXPECT_LT(allocations.count(), 20U);
    auto const before = allocations.count();
    for (int i = 0; i < 1000; ++i) {
        NewEvent const one{.event_type = "Deposited"};
        append(store, alice, ExpectedVersion::any(), {&one, 1});
    }
    EXPECT_LT(allocations.count() - before, 1100U);  // the result's vector, and a chunk now and then
}

TEST(InMemoryEventStore, StoresNothingWhereAnyAllocationFails) {
    for (std::size_t const size : {1U, 300U}) {
        for (std::size_t failing = 1;; ++failing) {
            InMemoryEventStore store;
            append(store, alice, ExpectedVersion::none(), events(8));
            auto const before = everything(store);
            auto const some = events(size);
            auto const more = events(size);
            std::vector<AppendEntry> const entries{{alice, ExpectedVersion::exactly(Version{8}), some},
                                                   {bob, ExpectedVersion::none(), {}},
                                                   {{"Other", "carol"}, ExpectedVersion::none(), more}};
            bool failed = false;
            {
                AllocationCounter const allocations{failing};
                try {
                    store.append({entries});
                } catch (std::bad_alloc const&) {
                    failed = true;
                }
            }
            if (!failed) {
                EXPECT_GT(failing, 1U);  // there was an allocation to fail
                EXPECT_EQ(everything(store).size(), 8 + 2 * size);
                break;
            }
            ASSERT_EQ(everything(store), before);
            ASSERT_EQ(store.read({"Other", "carol"}, {}, [](RecordedEventView const&) {}), Version{});
            ASSERT_FALSE(store.append({entries}).replayed);
            ASSERT_EQ(everything(store).size(), 8 + 2 * size);
        }
    }
}

TEST(InMemoryEventStore, DoesNotWaitForAnOpenVisitor) {
    InMemoryEventStore store;
    append(store, alice, ExpectedVersion::none(), events(100));
    Gate gate;
    std::vector<std::int64_t> seen_of_alice;
    std::vector<std::int64_t> seen_of_all;
    std::jthread reader{[&] {
        store.read(alice, {}, [&](RecordedEventView const& each) {
            if (seen_of_alice.size() == 50) gate.pass();
            seen_of_alice.push_back(each.version.value);
        });
    }};
    std::jthread reader_of_all{[&] {
        store.read_all({}, [&](RecordedEventView const& each) {
            if (seen_of_all.size() == 50) gate.pass();
            seen_of_all.push_back(each.position.value);
        });
    }};
    gate.await_held(2);
    auto const more = events(500);
    EXPECT_EQ(append(store, alice, ExpectedVersion::exactly(Version{100}), more).version, Version{600});
    EXPECT_EQ(append(store, bob, ExpectedVersion::none(), {event()}).version, Version{1});
    EXPECT_EQ(history(store, alice).size(), 600U);
    EXPECT_TRUE(store.find(std::vector{more.back().id}, [](RecordedEventView const&) {}));
    EXPECT_EQ(seen_of_alice.size(), 50U);
    EXPECT_EQ(seen_of_all.size(), 50U);
    gate.open();
    reader.join();
    reader_of_all.join();
    EXPECT_EQ(seen_of_alice.size(), 100U);
    EXPECT_EQ(seen_of_all.size(), 100U);
}

TEST(InMemoryEventStore, LetsAVisitorUseTheStore) {
    InMemoryEventStore store;
    append(store, alice, ExpectedVersion::none(), events(3));
    std::vector<std::string_view> kept;
    store.read(alice, {}, [&](RecordedEventView const& each) {
        kept.push_back(each.data);
        append(store, alice, ExpectedVersion::any(), {event("\"more\"")});
        EXPECT_EQ(store.read(bob, {}, [](RecordedEventView const&) {}), Version{});
    });
    EXPECT_EQ(kept, (std::vector<std::string_view>{"0", "1", "2"}));
    EXPECT_EQ(history(store, alice).size(), 6U);
}

TEST(InMemoryEventStore, LeavesTheStoreUsableWhenAVisitorThrows) {
    InMemoryEventStore store;
    append(store, alice, ExpectedVersion::none(), events(3));
    auto const fail = [](RecordedEventView const&) { throw std::runtime_error{"enough"}; };
    EXPECT_THROW(store.read(alice, {}, fail), std::runtime_error);
    EXPECT_THROW(store.read_all({}, fail), std::runtime_error);
    EXPECT_EQ(append(store, alice, ExpectedVersion::exactly(Version{3}), {event()}).version, Version{4});
}

TEST(InMemoryEventStore, ShowsReadersACompleteOrderWhileTwoThreadsWrite) {
    constexpr int appends = 1500;
    InMemoryEventStore store;
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 2; ++writer) {
        writers.emplace_back([&store, writer] {
            auto const own = "writer-" + std::to_string(writer);
            for (int i = 0; i < appends; ++i) {
                auto const mine = events(2);
                auto const shared = events(1);
                append_all(store, {{{"Account", own}, ExpectedVersion::exactly(Version{2 * i}), mine},
                                   {alice, ExpectedVersion::any(), shared}});
            }
        });
    }
    std::map<std::string, std::int64_t> versions;
    Position after{};
    while (after.value < 2 * 3 * appends) {
        after =
            store.read_all({.after = after, .limit = 64}, [&, at = after.value](RecordedEventView const& each) mutable {
                EXPECT_EQ(each.position.value, ++at);
                EXPECT_EQ(each.version.value, ++versions[std::string{each.aggregate_id}]);
            });
        std::int64_t version = 0;
        auto const told =
            store.read(alice, {}, [&](RecordedEventView const& each) { EXPECT_EQ(each.version.value, ++version); });
        EXPECT_EQ(told.value, version);
    }
    EXPECT_EQ(versions, (std::map<std::string, std::int64_t>{
                            {"alice", 2 * appends}, {"writer-0", 2 * appends}, {"writer-1", 2 * appends}}));
}

TEST(InMemoryEventStore, LetsExactlyOneOfTwoCrossingChecksThrough) {
    for (int round = 0; round < 200; ++round) {
        InMemoryEventStore store;
        std::atomic<int> stored = 0;
        Gate start;
        auto const run = [&](AggregateRef writes, AggregateRef checks) {
            auto const mine = events(1);
            start.pass();
            try {
                append_all(store, {{writes, ExpectedVersion::none(), mine}, {checks, ExpectedVersion::none(), {}}});
                ++stored;
            } catch (VersionConflict const&) {
            }
        };
        {
            std::jthread const first{run, alice, bob};
            std::jthread const second{run, bob, alice};
            start.await_held(2);
            start.open();
        }
        ASSERT_EQ(stored, 1);
    }
}

// A store of the same contract without any of the machinery, and requests at random against both.
struct ModelEntry {
    std::string type;
    std::string id;
    ExpectedVersion expected = ExpectedVersion::any();
    std::vector<NewEvent> events;
};

struct Outcome {
    std::string what;
    std::vector<EntryResult> entries;
    bool operator==(Outcome const&) const = default;
};

class Model {
public:
    Outcome append(std::vector<ModelEntry> const& request) {
        std::vector<Uuid> ids;
        std::vector<Stored const*> known;
        for (auto const& entry : request) {
            for (auto const& each : entry.events) {
                if (std::ranges::find(ids, each.id) != ids.end()) return {"duplicate", {}};
                ids.push_back(each.id);
                auto const found = std::ranges::find(stored, each.id, [](Stored const& s) { return s.event.id; });
                if (found != stored.end()) known.push_back(&*found);
            }
        }
        Outcome out;
        if (!known.empty()) {
            if (known.size() < ids.size()) return {"duplicate", {}};
            std::size_t i = 0;
            for (auto const& entry : request) {
                out.entries.push_back({version(entry.type, entry.id), {}});
                std::int64_t before = 0;
                for (auto const& each : entry.events) {
                    auto const& [record, source] = *known[i++];
                    bool const payload =
                        source.event_type == each.event_type && source.schema_version == each.schema_version &&
                        source.fingerprint == each.fingerprint &&
                        (!each.fingerprint.empty() || (source.data == each.data && source.format == each.format));
                    bool place = record.aggregate_type == entry.type && record.aggregate_id == entry.id;
                    if (before > 0) {
                        place = place && record.version.value == before + 1;
                    } else if (entry.expected.kind() == ExpectedVersion::Kind::exists) {
                        place = place && record.version.value >= 2;
                    } else if (entry.expected.kind() != ExpectedVersion::Kind::any) {
                        place = place && record.version.value == entry.expected.version().value + 1;
                    }
                    if (!payload || !place) return {"duplicate", {}};
                    before = record.version.value;
                    out.entries.back() = {record.version, record.position};
                }
            }
            out.what = "replayed";
            return out;
        }
        for (auto const& entry : request) {
            if (auto const actual = version(entry.type, entry.id); !entry.expected.accepts(actual)) {
                return {"conflict " + entry.id + " " + std::to_string(actual.value), {}};
            }
        }
        for (auto const& entry : request) {
            EntryResult result{version(entry.type, entry.id), {}};
            for (auto const& each : entry.events) {
                result = {result.version.next(), Position{static_cast<std::int64_t>(stored.size()) + 1}};
                RecordedEvent record;
                record.id = each.id;
                record.aggregate_type = entry.type;
                record.aggregate_id = entry.id;
                record.event_type = each.event_type;
                record.schema_version = each.schema_version;
                record.version = result.version;
                record.position = result.position;
                record.timestamp = each.timestamp.value();
                record.format = each.format;
                record.metadata = each.metadata;
                record.data = each.data;
                stored.push_back({std::move(record), each});
            }
            out.entries.push_back(result);
        }
        out.what = "stored";
        return out;
    }

    struct Stored {
        RecordedEvent event;
        NewEvent source;
    };
    std::vector<Stored> stored;

private:
    [[nodiscard]] Version version(std::string const& type, std::string const& id) const {
        return Version{std::ranges::count_if(stored, [&](Stored const& each) {
            return each.event.aggregate_type == type && each.event.aggregate_id == id;
        })};
    }
};

Outcome append_to(EventStore& store, std::vector<ModelEntry> const& request) {
    std::vector<AppendEntry> entries;
    for (auto const& entry : request) {
        entries.push_back({{entry.type, entry.id}, entry.expected, entry.events});
    }
    try {
        auto result = store.append({entries});
        return {result.replayed ? "replayed" : "stored", std::move(result.entries)};
    } catch (VersionConflict const& conflict) {
        return {"conflict " + std::string{conflict.aggregate().id} + " " + std::to_string(conflict.actual().value), {}};
    } catch (DuplicateEvent const&) {
        return {"duplicate", {}};
    }
}

class RandomRequests {
public:
    explicit RandomRequests(unsigned seed) : random_{seed} {}

    std::vector<ModelEntry> next() {
        if (!sent_.empty() && below(3) == 0) {
            auto request = sent_[below(sent_.size())];
            if (below(2) == 0) change(request);
            return request;
        }
        std::vector<ModelEntry> request;
        auto const first = below(6);
        for (std::size_t i = 0; i < 1 + below(3); ++i) {
            auto const aggregate = first + i;
            ModelEntry entry{aggregate % 2 == 0 ? "Even" : "Odd", std::to_string(aggregate), expected(), {}};
            auto const count = below(4);
            for (std::size_t k = 0; k < count; ++k) {
                entry.events.push_back(new_event());
            }
            request.push_back(std::move(entry));
        }
        sent_.push_back(request);
        return request;
    }

private:
    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_); }

    ExpectedVersion expected() {
        switch (below(6)) {
            case 0: return ExpectedVersion::none();
            case 1: return ExpectedVersion::exists();
            case 2: return ExpectedVersion::exactly(Version{static_cast<std::int64_t>(below(9))});
            default: return ExpectedVersion::any();
        }
    }

    NewEvent new_event() {
        return {.id = ids_.nth(below(50) == 0 ? 1 + below(50) : ++count_),
                .event_type = below(2) == 0 ? "A" : "B",
                .data = std::string(below(20) == 0 ? 5000 : 1, '7'),
                .format = below(5) == 0 ? DataFormat::binary : DataFormat::json,
                .timestamp = Timestamp{std::chrono::microseconds{static_cast<std::int64_t>(count_)}},
                .fingerprint = below(5) == 0 ? "f" : ""};
    }

    void change(std::vector<ModelEntry>& request) {
        auto& entry = request[below(request.size())];
        auto* const one = entry.events.empty() ? nullptr : &entry.events[below(entry.events.size())];
        switch (below(10)) {
            case 0: entry.expected = expected(); break;
            case 1: entry.id += "x"; break;
            case 2: entry.events.push_back(new_event()); break;
            case 3: std::ranges::reverse(entry.events); break;
            case 4: std::ranges::reverse(request); break;
            default:
                if (one == nullptr) break;
                switch (below(7)) {
                    case 0: one->data = "8"; break;
                    case 1: one->event_type = "C"; break;
                    case 2: one->schema_version = 2; break;
                    case 3: one->fingerprint = "g"; break;
                    case 4: one->metadata = "{}"; break;
                    case 5:
                        one->format = one->format == DataFormat::json ? DataFormat::binary : DataFormat::json;
                        break;
                    default: entry.events.pop_back(); break;
                }
        }
    }

    std::mt19937 random_;
    CountingIds ids_;
    std::uint64_t count_ = 0;
    std::vector<std::vector<ModelEntry>> sent_;
};

TEST(InMemoryEventStore, AnswersRandomRequestsAsASimpleModelDoes) {
    std::map<std::string, int> outcomes;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        RandomRequests requests{seed};
        InMemoryEventStore store;
        Model model;
        for (int i = 0; i < 150; ++i) {
            auto const request = requests.next();
            auto const expected = model.append(request);
            auto const actual = append_to(store, request);
            ASSERT_EQ(actual.what, expected.what) << seed << ' ' << i;
            ASSERT_EQ(actual.entries, expected.entries) << seed << ' ' << i;
            ++outcomes[expected.what.substr(0, 8)];
        }
        auto const stored = everything(store);
        ASSERT_EQ(stored.size(), model.stored.size());
        for (std::size_t i = 0; i < stored.size(); ++i) {
            ASSERT_EQ(stored[i], model.stored[i].event);
        }
    }
    for (auto const* const outcome : {"stored", "replayed", "conflict", "duplicat"}) {
        EXPECT_GT(outcomes[outcome], 50) << outcome;
    }
}

}  // namespace
