#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/account.hpp>
#include <event_sourcing/conformance/detail/contenders.hpp>
#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/json_snapshots.hpp>
#include <event_sourcing/testing/faulty_snapshot_store.hpp>

#include <gtest/gtest.h>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {
namespace detail {

[[nodiscard]] inline Snapshot snapshot(std::int64_t version, std::string state = "{}", AggregateRef aggregate = alice) {
    return {.aggregate_type = std::string{aggregate.type},
            .aggregate_id = std::string{aggregate.id},
            .version = Version{version},
            .state = std::move(state),
            .fingerprint = "v1:shape",
            .timestamp = parse_timestamp("2024-02-29T12:00:00.000001Z")};
}

/// The newest snapshot of alice.
[[nodiscard]] inline std::optional<Snapshot> newest_of(SnapshotStore const& store, AggregateRef aggregate = alice) {
    return store.load(aggregate, Version{1'000'000});
}

/// Accounts that take a snapshot after each command.
[[nodiscard]] inline Repository<Account> accounts_with(EventStore& store, SnapshotWriter& writer) {
    return Repository<Account>{store,
                               {.snapshots = json_snapshots<Account>(writer, after_events(1)), .command = at_once(10)}};
}

/// Alice with 100 and then 20 in two commands: version 3, balance 120, and her snapshot as the fixture's store has it.
inline void open_alice(StoreFixture& fixture) {
    SnapshotWriter writer{fixture.snapshots()};
    auto const accounts = accounts_with(fixture.store(), writer);
    accounts.execute("alice", always(std::vector<Account::Event>{Opened{}, Deposited{100}}));
    accounts.execute("alice", always(Deposited{20}));
    writer.write_pending();
}

/// Puts the snapshot in the way of alice's, expects that she is loaded as if it were not there, and that the next
/// command replaces it.
inline void expect_ignored(StoreFixture& fixture, Snapshot const& bad) {
    fixture.snapshots().erase(alice);
    fixture.snapshots().save(bad);
    SnapshotWriter writer{fixture.snapshots()};
    auto const accounts = accounts_with(fixture.store(), writer);
    auto const loaded = accounts.load("alice");
    EXPECT_EQ(loaded.state.balance, 120);
    EXPECT_EQ(loaded.version, Version{3});
    accounts.execute("alice", always(Deposited{1}));
    writer.write_pending();
    auto const now = newest_of(fixture.snapshots());
    ASSERT_TRUE(now);
    EXPECT_EQ(now->version, Version{4});
    EXPECT_EQ(nlohmann::json::parse(now->state).at("balance"), 121);
}

}  // namespace detail

/// Group S: a snapshot store, alone and behind a Repository.
///
/// A store may keep the latest snapshot only; S04 and S05 read accordingly.
[[nodiscard]] inline Cases snapshot_cases() {
    using namespace detail;
    auto cases = in_group(
        "Snapshot",
        {
            {"S01", "NothingSavedIsNothing",
             [](StoreFixture& fixture) { EXPECT_FALSE(newest_of(fixture.snapshots())); }},
            {"S02", "SavedSnapshotIsLoaded",
             [](StoreFixture& fixture) {
                 auto const saved = snapshot(5, R"({ "balance" : 1.10 })");
                 fixture.snapshots().save(saved);
                 EXPECT_EQ(newest_of(fixture.snapshots()), saved);
             }},
            {"S03", "LatestOfSeveralIsLoaded",
             [](StoreFixture& fixture) {
                 for (std::int64_t const version : {1, 3, 8}) {
                     fixture.snapshots().save(snapshot(version));
                 }
                 EXPECT_EQ(newest_of(fixture.snapshots()), snapshot(8));
             }},
            {"S04", "NothingAboveTheVersionAskedForIsLoaded",
             [](StoreFixture& fixture) {
                 fixture.snapshots().save(snapshot(3));
                 fixture.snapshots().save(snapshot(8));
                 auto const loaded = fixture.snapshots().load(alice, Version{7});
                 EXPECT_TRUE(!loaded || *loaded == snapshot(3));
                 EXPECT_EQ(fixture.snapshots().load(alice, Version{8}), snapshot(8));
             }},
            {"S05", "NothingIsLoadedBelowTheFirst",
             [](StoreFixture& fixture) {
                 fixture.snapshots().save(snapshot(3));
                 EXPECT_FALSE(fixture.snapshots().load(alice, Version{2}));
             }},
            {"S06", "SameVersionIsReplaced",
             [](StoreFixture& fixture) {
                 fixture.snapshots().save(snapshot(3, "1"));
                 fixture.snapshots().save(snapshot(3, "2"));
                 EXPECT_EQ(newest_of(fixture.snapshots()), snapshot(3, "2"));
             }},
            {"S07", "OlderSnapshotNeverReplacesANewerOne",
             [](StoreFixture& fixture) {
                 fixture.snapshots().save(snapshot(8, "8"));
                 fixture.snapshots().save(snapshot(3, "3"));
                 EXPECT_EQ(newest_of(fixture.snapshots()), snapshot(8, "8"));
             }},
            {"S08", "ErasedSnapshotsAreGone",
             [](StoreFixture& fixture) {
                 auto& store = fixture.snapshots();
                 store.save(snapshot(3));
                 store.save(snapshot(8));
                 store.save(snapshot(2, "{}", bob));
                 store.erase(alice);
                 EXPECT_FALSE(newest_of(store));
                 EXPECT_TRUE(newest_of(store, bob));
             }},
            {"S09", "LargeStateComesBack",
             [](StoreFixture& fixture) {
                 auto const large = snapshot(1, "\"" + std::string(4 * 1024 * 1024, 'x') + "\"");
                 fixture.snapshots().save(large);
                 EXPECT_TRUE(newest_of(fixture.snapshots()) == large);
             }},
            {"S10", "AggregatesDoNotShareSnapshots",
             [](StoreFixture& fixture) {
                 std::vector<AggregateRef> const names{{"T", "a"}, {"T", "b"}, {"U", "a"}, {"Ta", "a"}, {"T", "A"}};
                 for (auto const& name : names) {
                     fixture.snapshots().save(snapshot(1, "\"" + to_string(name) + "\"", name));
                 }
                 for (auto const& name : names) {
                     EXPECT_EQ(newest_of(fixture.snapshots(), name), snapshot(1, "\"" + to_string(name) + "\"", name));
                 }
             }},
            {"S11", "SnapshotOfAnotherShapeIsIgnoredAndReplaced",
             [](StoreFixture& fixture) {
                 open_alice(fixture);
                 expect_ignored(fixture, snapshot(3, R"({"balance":5,"shredded":0,"open":true})"));
             }},
            {"S12", "SnapshotThatCannotBeReadIsIgnoredAndReplaced",
             [](StoreFixture& fixture) {
                 open_alice(fixture);
                 auto bad = newest_of(fixture.snapshots());
                 ASSERT_TRUE(bad);
                 bad->state = R"({"balance":"much","shredded":0,"open":true})";
                 expect_ignored(fixture, *bad);
             }},
            {"S13", "SnapshotAheadOfItsHistoryIsIgnoredAndReplaced",
             [](StoreFixture& fixture) {
                 open_alice(fixture);
                 auto bad = newest_of(fixture.snapshots());
                 ASSERT_TRUE(bad);
                 bad->version = Version{9};
                 bad->state = R"({"balance":999,"shredded":0,"open":true})";
                 expect_ignored(fixture, *bad);
             }},
            {"S14", "SnapshotThatCannotBeSavedCostsNoCommand",
             [](StoreFixture& fixture) {
                 testing::FaultySnapshotStore faulty{fixture.snapshots()};
                 faulty.fail(testing::SnapshotStoreCall::save, Unavailable{"down"});
                 SnapshotWriter writer{faulty};
                 auto const accounts = accounts_with(fixture.store(), writer);
                 accounts.execute("alice", always(std::vector<Account::Event>{Opened{}, Deposited{100}}));
                 EXPECT_EQ(writer.write_pending(), 0U);
                 EXPECT_EQ(accounts.load("alice").state.balance, 100);
                 accounts.execute("alice", always(Deposited{1}));
                 EXPECT_EQ(writer.write_pending(), 1U);
                 EXPECT_TRUE(newest_of(fixture.snapshots()));
             }},
            {"S15", "SnapshotThatCannotBeLoadedCostsNoLoad",
             [](StoreFixture& fixture) {
                 open_alice(fixture);
                 testing::FaultySnapshotStore faulty{fixture.snapshots()};
                 faulty.fail(testing::SnapshotStoreCall::load, Unavailable{"down"});
                 SnapshotWriter writer{faulty};
                 EXPECT_EQ(accounts_with(fixture.store(), writer).load("alice").state.balance, 120);
             }},
            {"S16", "SnapshotAndTheRestGiveTheSameStateAsTheWholeHistory",
             [](StoreFixture& fixture) {
                 SnapshotWriter writer{fixture.snapshots()};
                 auto const with_snapshots = accounts_with(fixture.store(), writer);
                 std::uint64_t random = 20'240'229;
                 for (int command = 0; command < 60; ++command) {
                     random = random * 6364136223846793005U + 1442695040888963407U;
                     std::vector<Account::Event> decided;
                     for (std::uint64_t i = 0; i <= random >> 62; ++i) {
                         auto const amount = static_cast<std::int64_t>((random >> 32) % 1000);
                         decided.push_back(i % 2 == 0 ? Account::Event{Deposited{amount}}
                                                      : Account::Event{Withdrawn{amount / 3}});
                     }
                     with_snapshots.execute("alice", always(decided));
                     if ((random >> 40) % 3 == 0) {
                         writer.write_pending();
                     }
                     EXPECT_EQ(with_snapshots.load("alice").state, accounts(fixture.store()).load("alice").state);
                 }
                 writer.write_pending();
                 EXPECT_EQ(newest_of(fixture.snapshots()).value().version, version_of(fixture.store(), alice));
             }},
            {"S17", "ConcurrentSavesLeaveTheNewestWhole",
             [](StoreFixture& fixture) {
                 auto& store = fixture.snapshots();
                 auto const rounds = contend(8, 25, [&](std::size_t contender, std::size_t round) {
                     auto const version = static_cast<std::int64_t>(8 * round + (contender * 5 + round) % 8 + 1);
                     store.save(snapshot(version, std::to_string(version)));
                     return AppendResult{};
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 8) << other_errors(outcomes);
                 }
                 EXPECT_EQ(newest_of(store), snapshot(200, "200"));
             }},
            {"S18", "BinaryStateComesBack",
             [](StoreFixture& fixture) {
                 auto saved = snapshot(5, std::string{"\0\xFF\x80", 3});
                 saved.format = DataFormat::binary;
                 fixture.snapshots().save(saved);
                 EXPECT_EQ(newest_of(fixture.snapshots()), saved);
             }},
            {"S19", "EraseOfNothingIsNoError",
             [](StoreFixture& fixture) {
                 fixture.snapshots().erase(alice);
                 fixture.snapshots().save(snapshot(1));
                 fixture.snapshots().erase(bob);
                 EXPECT_TRUE(newest_of(fixture.snapshots()));
             }},
            {"S20", "AfterAnEraseAnOlderSnapshotMayBeSaved",
             [](StoreFixture& fixture) {
                 fixture.snapshots().save(snapshot(8));
                 fixture.snapshots().erase(alice);
                 fixture.snapshots().save(snapshot(3));
                 EXPECT_EQ(newest_of(fixture.snapshots()), snapshot(3));
             }},
        });
    for (auto& one : cases) {
        one.needs = {Capability::snapshots};
    }
    return cases;
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
