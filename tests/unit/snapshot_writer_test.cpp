#include "support/thrown.hpp"

#include <event_sourcing/inmemory/snapshot_store.hpp>
#include <event_sourcing/snapshot_writer.hpp>
#include <event_sourcing/testing/faulty_snapshot_store.hpp>

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace event_sourcing;
using event_sourcing::testing::FaultySnapshotStore;
using event_sourcing::testing::SnapshotStoreCall;
using Job = SnapshotWriter::Job;

Job job(std::string id, std::int64_t version, std::string state = "{}", Job::Before before = Job::Before::keep) {
    return {.aggregate_type = "Account",
            .aggregate_id = id,
            .version = Version{version},
            .encode =
                [=] {
                    return Snapshot{
                        .aggregate_type = "Account", .aggregate_id = id, .version = Version{version}, .state = state};
                },
            .before = before};
}

/// A snapshot store that a test can wait for.
class AwaitedStore final : public SnapshotStore {
public:
    [[nodiscard]] std::optional<Snapshot> load(AggregateRef aggregate, Version at_most) const override {
        return inner_.load(aggregate, at_most);
    }
    void save(Snapshot const& snapshot) override {
        inner_.save(snapshot);
        std::lock_guard const lock{mutex_};
        ++saved_;
        changed_.notify_all();
    }
    void erase(AggregateRef aggregate) override { inner_.erase(aggregate); }

    void await(std::size_t saves) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return saved_ >= saves; });
    }

private:
    InMemorySnapshotStore inner_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t saved_ = 0;
};

struct SnapshotWriterByHand : ::testing::Test {
    InMemorySnapshotStore memory;
    FaultySnapshotStore store{memory};
    std::vector<std::string> lines;
    SnapshotWriter writer{
        store, {.capacity = 3, .log = [this](LogLevel, std::string_view line) { lines.emplace_back(line); }}};

    [[nodiscard]] std::int64_t stored(std::string_view id) const {
        auto const snapshot = memory.load({"Account", id}, Version{1000});
        return snapshot ? snapshot->version.value : 0;
    }
};

TEST_F(SnapshotWriterByHand, WritesNothingUntilAsked) {
    writer.offer(job("alice", 5));
    EXPECT_EQ(stored("alice"), 0);
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored("alice"), 5);
    EXPECT_EQ(writer.write_pending(), 0U) << "each offer is written once";
}

TEST_F(SnapshotWriterByHand, KeepsTheNewestOfferOfAnAggregateOnly) {
    writer.offer(job("alice", 5));
    writer.offer(job("alice", 7));
    writer.offer(job("alice", 6));
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored("alice"), 7);
    EXPECT_EQ(store.calls(SnapshotStoreCall::save), 1U);
    EXPECT_EQ(writer.dropped(), 0U);
}

TEST_F(SnapshotWriterByHand, DropsAndCountsOffersBeyondItsCapacity) {
    for (std::string const id : {"a", "b", "c", "d", "e"}) {
        writer.offer(job(id, 1));
    }
    writer.offer(job("a", 2));
    EXPECT_EQ(writer.dropped(), 2U);
    EXPECT_EQ(writer.write_pending(), 3U);
    EXPECT_EQ(stored("a"), 2) << "a newer offer for one that waits needs no room";
    EXPECT_EQ(stored("d"), 0);
    writer.offer(job("d", 1));
    EXPECT_EQ(writer.write_pending(), 1U);
}

TEST_F(SnapshotWriterByHand, ForgetsWhatIsStoredWhereTheOfferSaysSo) {
    writer.offer(job("alice", 100));
    writer.write_pending();
    writer.offer(job("alice", 3));
    writer.write_pending();
    EXPECT_EQ(stored("alice"), 100) << "an older one replaces nothing";
    writer.offer(job("alice", 3, "{}", Job::Before::erase));
    writer.offer(job("alice", 4));
    writer.write_pending();
    EXPECT_EQ(stored("alice"), 4) << "a later offer does not forget to forget";
}

TEST_F(SnapshotWriterByHand, LogsWhatCouldNotBeSavedAndGoesOn) {
    store.fail(SnapshotStoreCall::save, Unavailable{"the disk is full"});
    writer.offer(job("a", 1));
    writer.offer(job("b", 1));
    EXPECT_EQ(writer.write_pending(), 1U);
    ASSERT_EQ(lines.size(), 1U);
    expect_words(lines[0], "Account/a", "the disk is full");
    EXPECT_EQ(stored("b"), 1);
}

TEST_F(SnapshotWriterByHand, SurvivesWhateverEncodingThrows) {
    auto bad = job("a", 1);
    bad.encode = []() -> Snapshot { throw std::runtime_error{"cannot encode"}; };
    writer.offer(bad);
    bad = job("b", 1);
    bad.encode = []() -> Snapshot { throw 42; };
    writer.offer(bad);
    writer.offer(job("c", 1));
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(lines.size(), 2U);
}

TEST_F(SnapshotWriterByHand, MayBeOfferedMoreWhileItWrites) {
    auto first = job("a", 1);
    first.encode = [this, encode = first.encode] {
        writer.offer(job("a", 2));
        return encode();
    };
    writer.offer(first);
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored("a"), 1);
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored("a"), 2);
}

TEST(SnapshotWriterInAThread, WritesWhateverIsOffered) {
    AwaitedStore store;
    SnapshotWriter writer{store};
    std::jthread const thread{[&](std::stop_token stop) { writer.run(stop); }};
    writer.offer(job("alice", 1));
    store.await(1);
    writer.offer(job("alice", 2));
    writer.offer(job("bob", 1));
    store.await(3);
    EXPECT_EQ(store.load({"Account", "alice"}, Version{9})->version, Version{2});
}

TEST(SnapshotWriterInAThread, WritesWhatStillWaitsWhenItIsStopped) {
    InMemorySnapshotStore store;
    SnapshotWriter writer{store};
    {
        std::jthread const thread{[&](std::stop_token stop) { writer.run(stop); }};
        writer.offer(job("alice", 1));
    }
    EXPECT_TRUE(store.load({"Account", "alice"}, Version{9}));
}

TEST(SnapshotWriterInAThread, WritesWhatWaitsAlsoWhereItWasStoppedBeforeItBegan) {
    InMemorySnapshotStore store;
    SnapshotWriter writer{store};
    writer.offer(job("alice", 1));
    std::stop_source stop;
    stop.request_stop();
    writer.run(stop.get_token());
    EXPECT_TRUE(store.load({"Account", "alice"}, Version{9}));
}

TEST(SnapshotWriterInAThread, WritesWhatWasOfferedWhileItWroteTheLast) {
    InMemorySnapshotStore store;
    SnapshotWriter writer{store};
    std::stop_source stop;
    auto last = job("alice", 1);
    last.encode = [&, encode = last.encode] {
        stop.request_stop();
        writer.offer(job("bob", 1));
        return encode();
    };
    writer.offer(last);
    writer.run(stop.get_token());
    EXPECT_TRUE(store.load({"Account", "bob"}, Version{9}));
}

TEST(SnapshotWriterInAThread, LosesNothingWhenManyThreadsOfferAndWrite) {
    InMemorySnapshotStore store;
    SnapshotWriter writer{store, {.capacity = 10'000}};
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 2; ++thread) {
            threads.emplace_back([&](std::stop_token stop) { writer.run(stop); });
        }
        std::vector<std::jthread> offering;
        for (int thread = 0; thread < 2; ++thread) {
            offering.emplace_back([&, thread] {
                for (int version = 1; version <= 200; ++version) {
                    writer.offer(job(std::to_string(version % 10), version * 2 + thread));
                }
            });
        }
    }
    for (int id = 0; id < 10; ++id) {
        auto const newest = (id == 0 ? 200 : 190 + id) * 2 + 1;
        EXPECT_EQ(store.load({"Account", std::to_string(id)}, Version{1000})->version, Version{newest});
    }
    EXPECT_EQ(writer.dropped(), 0U);
}

}  // namespace
