#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/contenders.hpp>
#include <event_sourcing/conformance/detail/material.hpp>

#include <gtest/gtest.h>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {
namespace detail {

/// Appends twice; expects the first result again, and nothing new.
inline void expect_replay(EventStore& store, AggregateRef aggregate, ExpectedVersion expected) {
    auto const batch = events(2, 11);
    auto const first = append(store, {{aggregate, expected, batch}});
    auto const before = everything(store);
    auto const again = append(store, {{aggregate, expected, batch}});
    EXPECT_FALSE(first.replayed);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.entries, first.entries);
    EXPECT_EQ(everything(store), before);
}

/// Stores one event and sends it again as `change` leaves it.
template <class Change>
AppendResult append_again(EventStore& store, Change change) {
    std::vector one{event()};
    append(store, {{alice, ExpectedVersion::none(), one}});
    change(one.front());
    return append(store, {{alice, ExpectedVersion::none(), one}});
}

}  // namespace detail

/// Group I: the same events again, and appends whose outcome the caller does not know.
///
/// Numbers not in use: I16 (there are no tenants). I09 reads: refused as DuplicateEvent, and nothing is written.
[[nodiscard]] inline Cases idempotency_cases() {
    using namespace detail;
    return in_group(
        "Idempotency",
        {
            {"I01", "RepeatAtAnExactVersionReplays",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 expect_replay(fixture.store(), alice, ExpectedVersion::exactly(Version{3}));
             }},
            {"I02", "RepeatAtAnyVersionReplays",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 expect_replay(fixture.store(), alice, ExpectedVersion::any());
             }},
            {"I03", "RepeatOfTheFirstAppendReplays",
             [](StoreFixture& fixture) { expect_replay(fixture.store(), alice, ExpectedVersion::none()); }},
            {"I04", "RepeatAtAnExistingAggregateReplays",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 expect_replay(fixture.store(), alice, ExpectedVersion::exists());
             }},
            {"I05", "BeginningOfAStoredBatchReplays",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto batch = events(3);
                 append(store, alice, ExpectedVersion::none(), batch);
                 auto const second = history(store, alice).at(1);
                 batch.pop_back();
                 auto const again = detail::append(store, {{alice, ExpectedVersion::none(), batch}});
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(0), (EntryResult{second.version, second.position}));
                 EXPECT_EQ(version_of(store, alice), Version{3});
             }},
            {"I06", "StoredIdsInAnotherOrderAreRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const batch = events(3);
                 append(store, alice, ExpectedVersion::none(), batch);
                 EXPECT_THROW(append(store, alice, ExpectedVersion::any(), {batch[1], batch[0]}), DuplicateEvent);
                 EXPECT_EQ(ids_of(history(store, alice)), ids_of(batch));
             }},
            {"I07", "StoredIdsWithANewOneBehindAreRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto batch = events(2);
                 append(store, alice, ExpectedVersion::none(), batch);
                 batch.push_back(event());
                 EXPECT_THROW(append(store, alice, ExpectedVersion::none(), batch), DuplicateEvent);
                 EXPECT_EQ(version_of(store, alice), Version{2});
             }},
            {"I08", "StoredIdAtAnotherAggregateIsRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const one = event();
                 append(store, alice, ExpectedVersion::none(), {one});
                 auto const refusal =
                     thrown<DuplicateEvent>([&] { append(store, bob, ExpectedVersion::none(), {one}); });
                 ASSERT_TRUE(refusal);
                 EXPECT_EQ(refusal->id(), one.id);
                 EXPECT_EQ(version_of(store, bob), Version{});
             }},
            {"I09", "StoredIdWithOtherDataIsRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 EXPECT_THROW(append_again(store, [](NewEvent& one) { one.data = "{\"n\":2}"; }), DuplicateEvent);
                 EXPECT_EQ(data_of(history(store, alice)), std::vector<std::string>{"{\"n\":1}"});
             }},
            {"I10", "StoredIdAtTheCurrentVersionIsAtAnotherPlace",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const one = event();
                 append(store, alice, ExpectedVersion::none(), {one});
                 EXPECT_THROW(append(store, alice, ExpectedVersion::exactly(Version{1}), {one}), DuplicateEvent);
                 EXPECT_EQ(version_of(store, alice), Version{1});
             }},
            {"I11", "RepeatAfterEventsOfOthersIsNoConflict",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector const one{event()};
                 auto const first = append(store, alice, ExpectedVersion::none(), one);
                 fill(store, alice, 5);
                 auto const again = detail::append(store, {{alice, ExpectedVersion::none(), one}});
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(0), first);
             }},
            {"I12", "AppendCutAfterItsCommitIsStoredOnce",
             [](StoreFixture& fixture) {
                 auto const store = fixture.connect_and_cut(Cut::after_commit);
                 auto const batch = events(2);
                 EXPECT_THROW(append(*store, alice, ExpectedVersion::none(), batch), OutcomeUnknown);
                 auto const again = detail::append(*store, {{alice, ExpectedVersion::none(), batch}});
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(0).version, Version{2});
                 EXPECT_EQ(everything(fixture.store()).size(), 2U);
             }},
            {"I13", "AppendCutBeforeItsCommitIsStoredOnce",
             [](StoreFixture& fixture) {
                 auto const store = fixture.connect_and_cut(Cut::before_commit);
                 auto const batch = events(2);
                 EXPECT_THROW(append(*store, alice, ExpectedVersion::none(), batch), OutcomeUnknown);
                 EXPECT_TRUE(everything(fixture.store()).empty());
                 auto const again = detail::append(*store, {{alice, ExpectedVersion::none(), batch}});
                 EXPECT_FALSE(again.replayed);
                 EXPECT_EQ(ids_of(everything(fixture.store())), ids_of(batch));
             }},
            {"I14", "ManyThreadsWithTheSameIdsStoreOneCopy",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector<std::vector<NewEvent>> batches;
                 for (int round = 0; round < 20; ++round) {
                     batches.push_back(events(3));
                 }
                 auto const rounds = contend(8, batches.size(), [&](std::size_t, std::size_t round) {
                     return detail::append(store, {{alice, ExpectedVersion::any(), batches[round]}});
                 });
                 for (auto const& outcomes : rounds) {
                     ASSERT_EQ(count(outcomes, Outcome::Kind::stored), 8) << other_errors(outcomes);
                     EXPECT_EQ(
                         std::ranges::count(outcomes, true, [](Outcome const& one) { return one.result.replayed; }), 7);
                     for (auto const& one : outcomes) {
                         EXPECT_EQ(one.result.entries, outcomes.front().result.entries);
                     }
                 }
                 EXPECT_EQ(versions(history(store, alice)), numbers(1, 60));
             }},
            {"I15",
             "RepeatAfterARestartReplays",
             [](StoreFixture& fixture) {
                 auto const batch = events(2);
                 auto const first = append(fixture.store(), alice, ExpectedVersion::none(), batch);
                 auto const again = detail::append(fixture.reopen(), {{alice, ExpectedVersion::none(), batch}});
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(0), first);
             },
             {Capability::reopen}},
            {"I17", "StoredIdWithAnotherEventTypeIsRefused",
             [](StoreFixture& fixture) {
                 EXPECT_THROW(append_again(fixture.store(), [](NewEvent& one) { one.event_type = "Renamed"; }),
                              DuplicateEvent);
             }},
            {"I18", "StoredIdWithAnotherSchemaVersionIsRefused",
             [](StoreFixture& fixture) {
                 EXPECT_THROW(append_again(fixture.store(), [](NewEvent& one) { one.schema_version = 2; }),
                              DuplicateEvent);
             }},
            {"I19", "MetadataIsNoPartOfTheComparison",
             [](StoreFixture& fixture) {
                 auto const again =
                     append_again(fixture.store(), [](NewEvent& one) { one.metadata = "{\"traceparent\":\"other\"}"; });
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(history(fixture.store(), alice).at(0).metadata, "");
             }},
            {"I20", "TimeIsNoPartOfTheComparison",
             [](StoreFixture& fixture) {
                 auto const again = append_again(fixture.store(), [](NewEvent& one) { one.timestamp = Timestamp{}; });
                 EXPECT_TRUE(again.replayed);
                 EXPECT_NE(history(fixture.store(), alice).at(0).timestamp, Timestamp{});
             }},
            {"I21", "SameFingerprintReplaysWhateverTheData",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector one{event("first ciphertext")};
                 one.front().format = DataFormat::binary;
                 one.front().fingerprint = "of the plain text";
                 auto const first = append(store, alice, ExpectedVersion::none(), one);
                 one.front().data = "second ciphertext";
                 auto const again = detail::append(store, {{alice, ExpectedVersion::none(), one}});
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(0), first);
                 EXPECT_EQ(data_of(history(store, alice)), std::vector<std::string>{"first ciphertext"});
             }},
            {"I22", "AnotherFingerprintIsRefusedWhateverTheData",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector one{event()};
                 one.front().fingerprint = "of the plain text";
                 append(store, alice, ExpectedVersion::none(), one);
                 one.front().fingerprint = "of another plain text";
                 EXPECT_THROW(append(store, alice, ExpectedVersion::none(), one), DuplicateEvent);
             }},
            {"I23", "RequestOfSeveralEntriesReplaysInItsOrder",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const of_bob = events(2);
                 auto const of_alice = events(3);
                 std::vector<AppendEntry> const request{{bob, ExpectedVersion::none(), of_bob},
                                                        {alice, ExpectedVersion::none(), of_alice}};
                 auto const first = detail::append(store, request);
                 fill(store, alice, 2);
                 auto const again = detail::append(store, request);
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries, first.entries);
                 EXPECT_EQ(everything(store).size(), 7U);
             }},
            {"I24", "StoredAndNewEntriesTogetherAreRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const of_bob = events(1);
                 append(store, bob, ExpectedVersion::none(), of_bob);
                 EXPECT_THROW(detail::append(store, {{alice, ExpectedVersion::none(), events(1)},
                                                     {bob, ExpectedVersion::none(), of_bob}}),
                              DuplicateEvent);
                 EXPECT_EQ(version_of(store, alice), Version{});
             }},
            {"I25", "ReplayDoesNotEvaluateItsChecks",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector const one{event()};
                 std::vector<AppendEntry> const request{{bob, ExpectedVersion::none(), {}},
                                                        {alice, ExpectedVersion::none(), one}};
                 auto const first = detail::append(store, request);
                 fill(store, bob, 1);
                 auto const again = detail::append(store, request);
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(1), first.entries.at(1));
                 EXPECT_EQ(again.entries.at(0).position, Position{});
             }},
            {"I26", "StoredIdsThatDoNotFollowEachOtherAreRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const batch = events(3);
                 append(store, alice, ExpectedVersion::none(), batch);
                 EXPECT_THROW(append(store, alice, ExpectedVersion::none(), {batch[0], batch[2]}), DuplicateEvent);
             }},
            {"I27", "EventsFromTheMiddleOfABatchReplay",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const batch = events(4);
                 append(store, alice, ExpectedVersion::none(), batch);
                 auto const third = history(store, alice).at(2);
                 std::vector const middle{batch[1], batch[2]};
                 auto const again = detail::append(store, {{alice, ExpectedVersion::exactly(Version{1}), middle}});
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(0), (EntryResult{third.version, third.position}));
             }},
            {"I28", "BinaryDataIsComparedByteForByte",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector one{event(std::string{"a\0b", 3})};
                 one.front().format = DataFormat::binary;
                 append(store, alice, ExpectedVersion::none(), one);
                 one.front().data = std::string{"a\0c", 3};
                 EXPECT_THROW(append(store, alice, ExpectedVersion::none(), one), DuplicateEvent);
             }},
            {"I29", "ReplayOnAnotherHandleGivesTheSameResult",
             [](StoreFixture& fixture) {
                 std::vector const one{event()};
                 auto const first = append(fixture.store(), alice, ExpectedVersion::none(), one);
                 auto const again = detail::append(fixture.connect(), {{alice, ExpectedVersion::none(), one}});
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.entries.at(0), first);
             }},
            {"I30", "FindAnswersWhatBecameOfACutAppend",
             [](StoreFixture& fixture) {
                 auto const lost = events(2);
                 auto const stored = events(2);
                 auto const before = fixture.connect_and_cut(Cut::before_commit);
                 EXPECT_THROW(append(*before, alice, ExpectedVersion::any(), lost), OutcomeUnknown);
                 EXPECT_FALSE(find(*before, ids_of(lost)).all);
                 auto const after = fixture.connect_and_cut(Cut::after_commit);
                 EXPECT_THROW(append(*after, alice, ExpectedVersion::any(), stored), OutcomeUnknown);
                 EXPECT_TRUE(find(*after, ids_of(stored)).all);
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
