#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/material.hpp>

#include <gtest/gtest.h>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {

/// Group A: what an append stores, checks and answers.
///
/// Numbers not in use: A19 (no names are reserved), A21 (positions of two appends may interleave). A10 and A11 read: an
/// entry without events is a check, and a wrong version wins over it.
[[nodiscard]] inline Cases append_cases() {
    using namespace detail;
    return in_group(
        "Append",
        {
            {"A01", "FirstEventGetsVersionOne",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const result = detail::append(store, {{alice, ExpectedVersion::none(), events(1)}});
                 EXPECT_EQ(result.entries.at(0).version, Version{1});
                 EXPECT_GT(result.entries.at(0).position, Position{});
                 EXPECT_FALSE(result.replayed);
             }},
            {"A02", "BatchGetsConsecutiveVersionsAndRisingPositions",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const result = fill(store, alice, 5);
                 auto const stored = history(store, alice);
                 ASSERT_EQ(versions(stored), numbers(1, 5));
                 EXPECT_TRUE(rising(positions(stored)));
                 EXPECT_EQ(result, (EntryResult{stored.back().version, stored.back().position}));
             }},
            {"A03", "ExactVersionIsAccepted",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 auto const result = append(store, alice, ExpectedVersion::exactly(Version{3}), {event()});
                 EXPECT_EQ(result.version, Version{4});
             }},
            {"A04", "LowerVersionIsAConflict",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 auto const expected = ExpectedVersion::exactly(Version{2});
                 auto const conflict = thrown<VersionConflict>([&] { append(store, alice, expected, {event()}); });
                 ASSERT_TRUE(conflict);
                 EXPECT_EQ(conflict->aggregate(), alice);
                 EXPECT_EQ(conflict->expected(), expected);
                 EXPECT_EQ(conflict->actual(), Version{3});
                 EXPECT_EQ(version_of(store, alice), Version{3});
             }},
            {"A05", "HigherVersionIsAConflict",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 auto const conflict = thrown<VersionConflict>(
                     [&] { append(store, alice, ExpectedVersion::exactly(Version{9}), {event()}); });
                 ASSERT_TRUE(conflict);
                 EXPECT_EQ(conflict->actual(), Version{3});
                 EXPECT_EQ(version_of(store, alice), Version{3});
             }},
            {"A06", "NoneConflictsWithAHistory",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 EXPECT_THROW(append(store, alice, ExpectedVersion::none(), {event()}), VersionConflict);
                 EXPECT_EQ(version_of(store, alice), Version{3});
             }},
            {"A07", "ExistsConflictsWithNoHistory",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const conflict =
                     thrown<VersionConflict>([&] { append(store, alice, ExpectedVersion::exists(), {event()}); });
                 ASSERT_TRUE(conflict);
                 EXPECT_EQ(conflict->actual(), Version{});
                 EXPECT_EQ(version_of(store, alice), Version{});
             }},
            {"A08", "ExistsAcceptsAHistory",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 EXPECT_EQ(append(store, alice, ExpectedVersion::exists(), {event()}).version, Version{4});
             }},
            {"A09", "ExactlyZeroMeansNone",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const zero = ExpectedVersion::exactly(Version{0});
                 EXPECT_EQ(append(store, alice, zero, {event()}).version, Version{1});
                 EXPECT_THROW(append(store, alice, zero, {event()}), VersionConflict);
             }},
            {"A10", "CheckAloneStoresNothing",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 auto const result = detail::append(store, {{alice, ExpectedVersion::exactly(Version{3}), {}}});
                 EXPECT_EQ(result, (AppendResult{{{Version{3}, Position{}}}, false}));
                 EXPECT_EQ(everything(store).size(), 3U);
             }},
            {"A11", "CheckOfAnotherVersionIsAConflict",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 EXPECT_THROW(detail::append(store, {{alice, ExpectedVersion::exactly(Version{2}), {}}}),
                              VersionConflict);
             }},
            {"A12", "BatchOfAHundredKeepsItsOrder",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const batch = events(100);
                 append(store, alice, ExpectedVersion::none(), batch);
                 EXPECT_EQ(data_of(history(store, alice)), data_of(batch));
             }},
            {"A13", "NothingOfABatchIsStoredWhereverItFails",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const taken = event();
                 append(store, bob, ExpectedVersion::none(), {taken});
                 for (std::size_t k = 0; k < 5; ++k) {
                     auto batch = events(5);
                     batch[k].id = taken.id;
                     EXPECT_THROW(append(store, alice, ExpectedVersion::none(), batch), DuplicateEvent)
                         << "event " << k;
                     EXPECT_EQ(version_of(store, alice), Version{}) << "event " << k;
                 }
                 EXPECT_EQ(everything(store).size(), 1U);
             }},
            {"A14", "OneIdTwiceInAnEntryIsRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const twice = event();
                 auto const refusal = thrown<DuplicateEvent>(
                     [&] { append(store, alice, ExpectedVersion::none(), {twice, event(), twice}); });
                 ASSERT_TRUE(refusal);
                 EXPECT_EQ(refusal->id(), twice.id);
                 EXPECT_EQ(version_of(store, alice), Version{});
             }},
            {"A15", "HandleReadsItsOwnWrite",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const written = event();
                 append(store, alice, ExpectedVersion::none(), {written});
                 EXPECT_EQ(ids_of(history(store, alice)), std::vector{written.id});
             }},
            {"A16", "AnotherHandleReadsTheWrite",
             [](StoreFixture& fixture) {
                 auto const written = event();
                 append(fixture.store(), alice, ExpectedVersion::none(), {written});
                 EXPECT_EQ(ids_of(history(fixture.connect(), alice)), std::vector{written.id});
             }},
            {"A17", "AggregatesHaveVersionsOfTheirOwn",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 EXPECT_EQ(append(store, bob, ExpectedVersion::none(), {event()}).version, Version{1});
                 EXPECT_EQ(append(store, alice, ExpectedVersion::exactly(Version{3}), {event()}).version, Version{4});
             }},
            {"A18", "ConflictInOneEntryStoresNoEntry",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, bob, 2);
                 EXPECT_THROW(detail::append(store, {{alice, ExpectedVersion::none(), events(2)},
                                                     {bob, ExpectedVersion::none(), events(2)},
                                                     {carol, ExpectedVersion::none(), events(2)}}),
                              VersionConflict);
                 EXPECT_EQ(version_of(store, alice), Version{});
                 EXPECT_EQ(version_of(store, carol), Version{});
                 EXPECT_EQ(everything(store).size(), 2U);
             }},
            {"A20",
             "RolledBackTransactionStoresNothing",
             [](StoreFixture& fixture) {
                 auto const batch = events(2);
                 AppendEntry const entry{alice, ExpectedVersion::none(), batch};
                 fixture.begin({.entries = {&entry, 1}})->roll_back();
                 EXPECT_EQ(version_of(fixture.store(), alice), Version{});
                 EXPECT_TRUE(find(fixture.store(), ids_of(batch)).events.empty());
             },
             {Capability::open_transaction}},
            {"A22", "RefusedAppendsLeaveNoGapInTheVersions",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const taken = event();
                 append(store, bob, ExpectedVersion::none(), {taken});
                 for (int round = 0; round < 3; ++round) {
                     EXPECT_THROW(append(store, alice, ExpectedVersion::exactly(Version{7}), {event()}),
                                  VersionConflict);
                     EXPECT_THROW(append(store, alice, ExpectedVersion::any(), {event(), taken}), DuplicateEvent);
                     append(store, alice, ExpectedVersion::any(), {event()});
                 }
                 EXPECT_EQ(versions(history(store, alice)), numbers(1, 3));
             }},
            {"A23", "SameContentWithNewIdsIsStoredAgain",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 append(store, alice, ExpectedVersion::any(), {event("{\"n\":7}")});
                 append(store, alice, ExpectedVersion::any(), {event("{\"n\":7}")});
                 EXPECT_EQ(data_of(history(store, alice)), (std::vector<std::string>{"{\"n\":7}", "{\"n\":7}"}));
             }},
            {"A24", "AllEntriesOfARequestAreStored",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const first = events(2);
                 auto const second = events(3, 11);
                 detail::append(store,
                                {{alice, ExpectedVersion::none(), first}, {bob, ExpectedVersion::none(), second}});
                 EXPECT_EQ(ids_of(history(store, alice)), ids_of(first));
                 EXPECT_EQ(ids_of(history(store, bob)), ids_of(second));
             }},
            {"A25", "ResultsAndPositionsFollowTheOrderOfTheRequest",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, bob, 4);
                 AggregateRef const zoe{"Account", "zoe"};
                 auto const of_zoe = events(2);
                 auto const of_bob = events(1, 11);
                 auto const of_alice = events(3, 21);
                 auto const result = detail::append(store, {{zoe, ExpectedVersion::none(), of_zoe},
                                                            {bob, ExpectedVersion::exactly(Version{4}), of_bob},
                                                            {alice, ExpectedVersion::any(), of_alice}});
                 ASSERT_EQ(result.entries.size(), 3U);
                 auto const last = [&store](AggregateRef aggregate) {
                     auto const stored = last_of(history(store, aggregate));
                     return EntryResult{stored.version, stored.position};
                 };
                 EXPECT_EQ(result.entries[0], last(zoe));
                 EXPECT_EQ(result.entries[1], last(bob));
                 EXPECT_EQ(result.entries[2], last(alice));
                 auto stored = data_of(everything(store));
                 ASSERT_EQ(stored.size(), 10U);
                 stored.erase(stored.begin(), stored.begin() + 4);
                 EXPECT_EQ(stored, (std::vector<std::string>{numbered(1), numbered(2), numbered(11), numbered(21),
                                                             numbered(22), numbered(23)}));
             }},
            {"A26", "CheckBesideEventsReportsItsVersionAndNoPosition",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, bob, 2);
                 auto const result = detail::append(store, {{bob, ExpectedVersion::exactly(Version{2}), {}},
                                                            {alice, ExpectedVersion::none(), events(1)}});
                 ASSERT_EQ(result.entries.size(), 2U);
                 EXPECT_EQ(result.entries[0], (EntryResult{Version{2}, Position{}}));
                 EXPECT_EQ(result.entries[1].version, Version{1});
                 EXPECT_EQ(version_of(store, bob), Version{2});
             }},
            {"A27", "FailedCheckStoresNothingOfTheRequest",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, bob, 2);
                 auto const conflict = thrown<VersionConflict>([&] {
                     detail::append(store, {{alice, ExpectedVersion::none(), events(1)},
                                            {bob, ExpectedVersion::exactly(Version{1}), {}}});
                 });
                 ASSERT_TRUE(conflict);
                 EXPECT_EQ(conflict->aggregate(), bob);
                 EXPECT_EQ(version_of(store, alice), Version{});
             }},
            {"A28", "RequestWithoutEntriesIsInvalid",
             [](StoreFixture& fixture) { EXPECT_THROW(fixture.store().append({}), InvalidArgument); }},
            {"A29", "OneAggregateTwiceInARequestIsInvalid",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 EXPECT_THROW(detail::append(store, {{alice, ExpectedVersion::any(), events(1)},
                                                     {bob, ExpectedVersion::any(), events(1)},
                                                     {alice, ExpectedVersion::any(), events(1)}}),
                              InvalidArgument);
                 EXPECT_TRUE(everything(store).empty());
             }},
            {"A30", "OneIdInTwoEntriesIsRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector const batch{event()};
                 EXPECT_THROW(detail::append(store, {{alice, ExpectedVersion::any(), batch},
                                                     {bob, ExpectedVersion::any(), batch}}),
                              DuplicateEvent);
                 EXPECT_TRUE(everything(store).empty());
             }},
            {"A31", "ConflictNamesTheFirstEntryThatIsNotAsExpected",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 1);
                 fill(store, bob, 2);
                 auto const conflict = thrown<VersionConflict>([&] {
                     detail::append(store, {{carol, ExpectedVersion::none(), events(1)},
                                            {bob, ExpectedVersion::exactly(Version{1}), events(1)},
                                            {alice, ExpectedVersion::none(), events(1)}});
                 });
                 ASSERT_TRUE(conflict);
                 EXPECT_EQ(conflict->aggregate(), bob);
                 EXPECT_EQ(conflict->actual(), Version{2});
             }},
            {"A32", "SeveralChecksAloneAreAllChecked",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 1);
                 fill(store, bob, 2);
                 EXPECT_THROW(detail::append(store, {{alice, ExpectedVersion::exactly(Version{1}), {}},
                                                     {bob, ExpectedVersion::exactly(Version{1}), {}}}),
                              VersionConflict);
             }},
            {"A33", "CheckFindsAnAggregateWithoutHistoryAtVersionZero",
             [](StoreFixture& fixture) {
                 auto const result = detail::append(fixture.store(), {{alice, ExpectedVersion::none(), {}}});
                 EXPECT_EQ(result.entries.at(0), (EntryResult{Version{}, Position{}}));
             }},
            {"A34", "TypeOfTheAggregateIsPartOfItsName",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, {"Account", "7"}, 2);
                 EXPECT_EQ(append(store, {"Customer", "7"}, ExpectedVersion::none(), {event()}).version, Version{1});
                 EXPECT_EQ(version_of(store, {"Account", "7"}), Version{2});
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
