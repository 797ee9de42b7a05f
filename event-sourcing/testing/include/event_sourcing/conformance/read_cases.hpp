#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/material.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {

/// Group R: reading one aggregate, and finding events by id.
///
/// Numbers not in use: R21 (there is no reading by time). `from` of other systems is `after` here, and exclusive.
[[nodiscard]] inline Cases read_cases() {
    using namespace detail;
    return in_group(
        "Read",
        {
            {"R01", "AggregateWithoutHistoryIsAtVersionZero",
             [](StoreFixture& fixture) {
                 int visits = 0;
                 auto const version = fixture.store().read(alice, {}, [&](RecordedEventView const&) { ++visits; });
                 EXPECT_EQ(version, Version{});
                 EXPECT_EQ(visits, 0);
             }},
            {"R02", "ForwardReadFollowsTheVersions",
             [](StoreFixture& fixture) {
                 auto const batch = events(5);
                 append(fixture.store(), alice, ExpectedVersion::none(), batch);
                 auto const read = history(fixture.store(), alice);
                 EXPECT_EQ(versions(read), numbers(1, 5));
                 EXPECT_EQ(ids_of(read), ids_of(batch));
             }},
            {"R03", "BackwardReadStartsAtTheEnd",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 auto const read = history(fixture.store(), alice, {.direction = Direction::backward});
                 EXPECT_EQ(versions(read), reversed(numbers(1, 5)));
             }},
            {"R04", "AfterIsExclusive",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 EXPECT_EQ(versions(history(fixture.store(), alice, {.after = Version{3}})), numbers(4, 5));
             }},
            {"R05", "AfterBeyondTheEndVisitsNothing",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 int visits = 0;
                 auto const version =
                     fixture.store().read(alice, {.after = Version{9}}, [&](RecordedEventView const&) { ++visits; });
                 EXPECT_EQ(visits, 0);
                 EXPECT_EQ(version, Version{3});
             }},
            {"R06", "AfterZeroIsTheBeginning",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 EXPECT_EQ(versions(history(fixture.store(), alice, {.after = Version{0}})), numbers(1, 3));
             }},
            {"R07", "LimitBoundsTheVisits",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 EXPECT_EQ(versions(history(fixture.store(), alice, {.limit = 3})), numbers(1, 3));
             }},
            {"R08", "LimitZeroVisitsNothing",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 EXPECT_TRUE(history(fixture.store(), alice, {.limit = 0}).empty());
             }},
            {"R09", "LimitOneBackwardGivesTheLastEvent",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 auto const read = history(fixture.store(), alice, {.limit = 1, .direction = Direction::backward});
                 EXPECT_EQ(versions(read), numbers(5, 5));
             }},
            {"R10", "AfterAndLimitCutAWindow",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 EXPECT_EQ(versions(history(fixture.store(), alice, {.after = Version{1}, .limit = 2})), numbers(2, 3));
             }},
            {"R11", "AfterTheLastEventVisitsNothing",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 EXPECT_TRUE(history(fixture.store(), alice, {.after = Version{3}}).empty());
             }},
            {"R12", "AfterTheLastButOneGivesTheLastEvent",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 3);
                 EXPECT_EQ(versions(history(fixture.store(), alice, {.after = Version{2}})), numbers(3, 3));
             }},
            {"R13", "LimitAboveWhatIsLeftGivesTheRest",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 EXPECT_EQ(versions(history(fixture.store(), alice, {.after = Version{3}, .limit = 10})),
                           numbers(4, 5));
             }},
            {"R14", "BackwardReadStartsBeforeAfter",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 auto const read = history(fixture.store(), alice,
                                           {.after = Version{4}, .limit = 2, .direction = Direction::backward});
                 EXPECT_EQ(versions(read), reversed(numbers(2, 3)));
             }},
            {"R15", "LimitCountsWhatTheFilterLetThrough",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (int i = 0; i < 3; ++i) {
                     append(store, alice, ExpectedVersion::any(), {event("{}", "Wanted"), event("{}", "Other")});
                 }
                 auto const read = page(store, {.limit = 2, .filter = {.event_types = {"Wanted"}}});
                 EXPECT_EQ(versions(read.events), (std::vector<std::int64_t>{1, 3}));
             }},
            {"R16", "PagesOfAnySizeGiveTheSameSequence",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 20);
                 auto const whole = history(store, alice);
                 for (std::size_t const size : {1U, 2U, 7U, 100U}) {
                     std::vector<RecordedEvent> pages;
                     for (auto next = history(store, alice, {.limit = size}); !next.empty() && pages.size() < 100;
                          next = history(store, alice, {.after = pages.back().version, .limit = size})) {
                         pages.insert(pages.end(), next.begin(), next.end());
                     }
                     EXPECT_EQ(pages, whole) << "pages of " << size;
                 }
             }},
            {"R17", "LongHistoryHasNoGapAndNoDuplicate",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (int part = 0; part < 10; ++part) {
                     fill(store, alice, 1000);
                 }
                 fill(store, alice, 1);
                 std::int64_t next = 1;
                 std::int64_t wrong = 0;
                 auto const version = store.read(alice, {}, [&](RecordedEventView const& view) {
                     wrong += view.version == Version{next++} ? 0 : 1;
                 });
                 EXPECT_EQ(version, Version{10'001});
                 EXPECT_EQ(next, 10'002);
                 EXPECT_EQ(wrong, 0);
             }},
            {"R18", "SimilarNamesAreOtherAggregates",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector<AggregateRef> const names{{"T", "a"},  {"T", "a-1"}, {"T", "A"},  {"T", "a "},
                                                       {"t", "a"},  {"T", "a%"},  {"T", "a_"}, {"T", "aa"},
                                                       {"Ta", "a"}, {"T", "a/1"}};
                 for (auto const& name : names) {
                     append(store, name, ExpectedVersion::none(), {event("{\"id\":\"" + to_string(name) + "\"}")});
                 }
                 for (auto const& name : names) {
                     EXPECT_EQ(data_of(history(store, name)),
                               std::vector<std::string>{"{\"id\":\"" + to_string(name) + "\"}"});
                 }
             }},
            {"R19", "VersionIsReportedWhateverIsVisited",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 5);
                 auto const go_on = [](RecordedEventView const&) {};
                 EXPECT_EQ(store.read(alice, {.limit = 2}, go_on), Version{5});
                 EXPECT_EQ(store.read(alice, {.after = Version{2}, .direction = Direction::backward}, go_on),
                           Version{5});
                 EXPECT_EQ(store.read(alice, {}, [](RecordedEventView const&) { return false; }), Version{5});
             }},
            {"R20", "BackwardReadGoesDownToTheFirstEvent",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 5);
                 auto const read =
                     history(fixture.store(), alice, {.after = Version{4}, .direction = Direction::backward});
                 EXPECT_EQ(versions(read), reversed(numbers(1, 3)));
             }},
            {"R22", "ReadIsOneSnapshot",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 std::vector<std::int64_t> seen;
                 auto const version = store.read(alice, {}, [&](RecordedEventView const& view) {
                     fill(store, alice, 1);
                     seen.push_back(view.version.value);
                 });
                 EXPECT_EQ(seen, numbers(1, 3));
                 EXPECT_EQ(version, Version{3});
                 EXPECT_EQ(version_of(store, alice), Version{6});
             }},
            {"R23", "FindVisitsByPosition",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const of_alice = events(2);
                 auto const of_bob = events(1);
                 append(store, alice, ExpectedVersion::none(), of_alice);
                 append(store, bob, ExpectedVersion::none(), of_bob);
                 auto const found = find(store, {of_bob[0].id, of_alice[1].id, of_alice[0].id});
                 EXPECT_TRUE(found.all);
                 EXPECT_EQ(found.events, everything(store));
             }},
            {"R24", "FindOfAnUnknownIdSaysSo",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const known = event();
                 append(store, alice, ExpectedVersion::none(), {known});
                 auto const found = find(store, {Uuid::v7(), known.id});
                 EXPECT_FALSE(found.all);
                 EXPECT_EQ(ids_of(found.events), std::vector{known.id});
             }},
            {"R25", "FindVisitsAnIdGivenTwiceOnce",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const known = event();
                 append(store, alice, ExpectedVersion::none(), {known});
                 auto const found = find(store, {known.id, known.id});
                 EXPECT_TRUE(found.all);
                 EXPECT_EQ(found.events.size(), 1U);
             }},
            {"R26", "FindOfNothingFindsAll",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 1);
                 auto const found = find(fixture.store(), {});
                 EXPECT_TRUE(found.all);
                 EXPECT_TRUE(found.events.empty());
             }},
            {"R27", "VisitorStopsTheRead",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 5);
                 std::vector<std::int64_t> seen;
                 store.read(alice, {}, [&](RecordedEventView const& view) {
                     seen.push_back(view.version.value);
                     return view.version < Version{2};
                 });
                 EXPECT_EQ(seen, numbers(1, 2));
             }},
            {"R28", "VisitorMayReadTheStore",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 2);
                 fill(store, bob, 3);
                 std::size_t seen = 0;
                 store.read(alice, {}, [&](RecordedEventView const& view) {
                     seen +=
                         history(store, bob).size() + everything(store).size() + find(store, {view.id}).events.size();
                 });
                 EXPECT_EQ(seen, 2U * (3 + 5 + 1));
             }},
            {"R29", "WhatAVisitorThrowsReachesTheCaller",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 auto const give_up = [](RecordedEventView const&) { throw std::out_of_range{"enough"}; };
                 EXPECT_THROW(store.read(alice, {}, give_up), std::out_of_range);
                 EXPECT_THROW(store.read_all({}, give_up), std::out_of_range);
                 EXPECT_EQ(append(store, alice, ExpectedVersion::exactly(Version{3}), {event()}).version, Version{4});
             }},
            {"R30", "ReadAndReadAllAndFindGiveTheSameEvent",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 2);
                 fill(store, bob, 2);
                 auto const read = history(store, bob);
                 auto const all = everything(store);
                 ASSERT_EQ(all.size(), 4U);
                 EXPECT_EQ(read, std::vector(all.begin() + 2, all.end()));
                 EXPECT_EQ(find(store, ids_of(read)).events, read);
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
