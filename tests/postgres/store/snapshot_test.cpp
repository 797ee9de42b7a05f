// Snapshots, where several save at once.
#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/postgres/snapshot_store.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace postgres_test {
namespace {

using namespace event_sourcing;

constexpr AggregateRef alice{"Account", "alice"};

Snapshot snapshot(std::int64_t version) {
    bool const binary = version % 2 == 0;
    return {.aggregate_type = "Account",
            .aggregate_id = "alice",
            .version = Version{version},
            .state = binary ? std::string{"\0\xFF", 2} + std::to_string(version)
                            : "{\"version\": " + std::to_string(version) + "}",
            .fingerprint = "f" + std::to_string(version),
            .format = binary ? DataFormat::binary : DataFormat::json,
            .timestamp = Timestamp{std::chrono::microseconds{version}}};
}

class Snapshots : public ::testing::Test {
protected:
    TestSchema at{server_url()};
    PostgresDatabase database{at.options(Role::writer)};
    PostgresSnapshotStore store{database};
};

TEST_F(Snapshots, OlderOneNeverReplacesANewerOneHoweverTheyMeet) {
    constexpr std::int64_t savers = 8;
    constexpr std::int64_t each = 40;
    std::atomic<bool> saving{true};
    std::atomic<int> steps_back{0};
    std::jthread const watcher{[&] {
        PostgresDatabase reading{at.options(Role::reader)};
        PostgresSnapshotStore const readers{reading};
        Version last;
        while (saving) {
            if (auto const seen = readers.load(alice, Version{savers * each})) {
                steps_back += seen->version < last || *seen != snapshot(seen->version.value) ? 1 : 0;
                last = seen->version;
            }
        }
    }};
    {
        std::vector<std::jthread> threads;
        for (std::int64_t saver = 0; saver < savers; ++saver) {
            threads.emplace_back([&, saver] {
                for (std::int64_t n = 0; n < each; ++n) {
                    store.save(snapshot(1 + n * savers + saver));
                }
            });
        }
    }
    saving = false;
    EXPECT_EQ(steps_back, 0);
    EXPECT_EQ(store.load(alice, Version{savers * each}), snapshot(savers * each));
}

TEST_F(Snapshots, KindOfStateChangesWithTheSnapshot) {
    for (std::int64_t version = 1; version <= 4; ++version) {
        store.save(snapshot(version));
        EXPECT_EQ(store.load(alice, Version{version}), snapshot(version));
    }
}

TEST_F(Snapshots, OlderOneWaitsForANewerOneAndThenGivesWay) {
    std::optional<Transaction> newer{database.begin()};
    newer->execute("insert into " + at.name() + ".snapshot values ('Account', 'alice', 9, '{}', null, 'f')");
    std::jthread saver{[&] { store.save(snapshot(3)); }};
    newer->commit();
    saver.join();
    EXPECT_EQ(store.load(alice, Version{99})->version, Version{9});
}

TEST_F(Snapshots, ReaderLoadsAndDoesNotSave) {
    store.save(snapshot(1));
    PostgresDatabase reading{at.options(Role::reader)};
    PostgresSnapshotStore readers{reading};
    EXPECT_EQ(readers.load(alice, Version{1}), snapshot(1));
    EXPECT_THROW(readers.save(snapshot(2)), PermissionDenied);
    EXPECT_THROW(readers.erase(alice), PermissionDenied);
    EXPECT_EQ(store.load(alice, Version{9}), snapshot(1));
}

}  // namespace
}  // namespace postgres_test
