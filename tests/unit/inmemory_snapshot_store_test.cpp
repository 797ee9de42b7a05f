#include <event_sourcing/inmemory/snapshot_store.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace event_sourcing;

constexpr Version newest{std::numeric_limits<std::int64_t>::max()};

Snapshot snapshot(std::int64_t version, std::string id = "alice") {
    return {.aggregate_type = "Account",
            .aggregate_id = std::move(id),
            .version = Version{version},
            .state = "{\"version\":" + std::to_string(version) + "}",
            .fingerprint = "shape",
            .format = DataFormat::binary,
            .timestamp = Timestamp{std::chrono::microseconds{version}}};
}

TEST(InMemorySnapshotStore, GivesNothingForAnAggregateWithoutOne) {
    InMemorySnapshotStore const store;
    EXPECT_EQ(store.load({"Account", "alice"}, newest), std::nullopt);
}

TEST(InMemorySnapshotStore, GivesBackEveryMemberOfTheLatest) {
    InMemorySnapshotStore store;
    store.save(snapshot(3));
    store.save(snapshot(5));
    EXPECT_EQ(store.load({"Account", "alice"}, newest), snapshot(5));
    EXPECT_EQ(store.load({"Account", "alice"}, Version{5}), snapshot(5));
}

TEST(InMemorySnapshotStore, GivesNothingWhereTheLatestIsNewerThanWanted) {
    InMemorySnapshotStore store;
    store.save(snapshot(5));
    EXPECT_EQ(store.load({"Account", "alice"}, Version{4}), std::nullopt);
}

TEST(InMemorySnapshotStore, ReplacesOneOfTheSameVersion) {
    InMemorySnapshotStore store;
    store.save(snapshot(5));
    auto other = snapshot(5);
    other.state = "other";
    store.save(other);
    EXPECT_EQ(store.load({"Account", "alice"}, newest), other);
}

TEST(InMemorySnapshotStore, NeverReplacesANewerOne) {
    InMemorySnapshotStore store;
    store.save(snapshot(5));
    store.save(snapshot(4));
    EXPECT_EQ(store.load({"Account", "alice"}, newest), snapshot(5));
}

TEST(InMemorySnapshotStore, ErasesOneAggregateAndLeavesTheOthers) {
    InMemorySnapshotStore store;
    store.save(snapshot(5));
    store.save(snapshot(6, "bob"));
    store.erase({"Account", "alice"});
    store.erase({"Account", "nobody"});
    EXPECT_EQ(store.load({"Account", "alice"}, newest), std::nullopt);
    EXPECT_EQ(store.load({"Account", "bob"}, newest), snapshot(6, "bob"));
}

TEST(InMemorySnapshotStore, KeepsAggregatesApartByTypeAndId) {
    InMemorySnapshotStore store;
    auto first = snapshot(1);
    first.aggregate_type = "ab";
    first.aggregate_id = "c";
    auto second = snapshot(2);
    second.aggregate_type = "a";
    second.aggregate_id = "bc";
    store.save(first);
    store.save(second);
    EXPECT_EQ(store.load({"ab", "c"}, newest), first);
    EXPECT_EQ(store.load({"a", "bc"}, newest), second);
}

TEST(InMemorySnapshotStore, KeepsTheNewestOfThreadsThatSaveAtOnce) {
    InMemorySnapshotStore store;
    {
        std::vector<std::jthread> threads;
        for (std::int64_t thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&store, thread] {
                for (std::int64_t i = 0; i < 200; ++i) {
                    store.save(snapshot(1 + i * 4 + thread));
                    auto const loaded = store.load({"Account", "alice"}, newest);
                    EXPECT_EQ(loaded, snapshot(loaded->version.value));
                }
            });
        }
    }
    EXPECT_EQ(store.load({"Account", "alice"}, newest), snapshot(800));
}

}  // namespace
