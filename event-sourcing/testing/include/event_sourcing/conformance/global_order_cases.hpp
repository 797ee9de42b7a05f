#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/contenders.hpp>
#include <event_sourcing/conformance/detail/material.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <map>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {

/// Group G: all events of a store in one order.
///
/// Numbers not in use: G17 (nothing is ordered by time). Only for adapters with a server, and kept with them: G09, G11,
/// G12 (transactions that are not appends).
[[nodiscard]] inline Cases global_order_cases() {
    using namespace detail;
    return in_group(
        "GlobalOrder",
        {
            {"G01", "EmptyStoreHasNoEvents",
             [](StoreFixture& fixture) {
                 auto const read = page(fixture.store(), {});
                 EXPECT_TRUE(read.events.empty());
                 EXPECT_EQ(read.looked_up_to, Position{});
                 EXPECT_TRUE(page(fixture.store(), {.direction = Direction::backward}).events.empty());
             }},
            {"G02", "EachEventComesOnceAndPositionsRise",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector<std::string> written;
                 for (std::int64_t i = 0; i < 10; ++i) {
                     auto const batch = events(1 + i % 3, 10 * i);
                     append(store, i % 2 == 0 ? alice : bob, ExpectedVersion::any(), batch);
                     std::ranges::copy(data_of(batch), std::back_inserter(written));
                 }
                 auto const all = everything(store);
                 EXPECT_EQ(data_of(all), written);
                 EXPECT_TRUE(rising(positions(all)));
             }},
            {"G03", "AfterAPositionIsExclusive",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 5);
                 auto const third = everything(store).at(2).position;
                 EXPECT_EQ(versions(page(store, {.after = third}).events), numbers(4, 5));
             }},
            {"G04", "HeadIsTheLastPositionGiven",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 auto const last = fill(store, bob, 2);
                 auto const head = page(store, {.limit = 1, .direction = Direction::backward});
                 EXPECT_EQ(positions(head.events), std::vector{last.position});
             }},
            {"G05", "PagesOfAnySizeGiveTheSameOrder",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (int i = 0; i < 10; ++i) {
                     fill(store, i % 3 == 0 ? alice : bob, 1);
                 }
                 auto const whole = everything(store);
                 for (std::size_t size = 1; size <= 7; ++size) {
                     EXPECT_EQ(paged(store, size, 20), whole) << "pages of " << size;
                 }
             }},
            {"G06",
             "EventOfAnOlderOpenTransactionIsNotPassedOver",
             [](StoreFixture& fixture) {
                 auto const older = events(1);
                 AppendEntry const entry{alice, ExpectedVersion::none(), older};
                 auto const open = fixture.begin({.entries = {&entry, 1}});
                 auto const newer = events(1);
                 append(fixture.connect(), bob, ExpectedVersion::none(), newer);
                 auto const before = page(fixture.store(), {});
                 open->commit();
                 auto const behind = page(fixture.store(), {.after = before.looked_up_to});
                 EXPECT_TRUE(find(fixture.store(), ids_of(older)).all);
                 EXPECT_EQ(before.events.size() + behind.events.size(), 2U);
                 EXPECT_EQ(everything(fixture.store()).size(), 2U);
             },
             {Capability::open_transaction}},
            {"G07", "NothingAppearsAtOrBelowAnObservedPosition",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::atomic<bool> done{false};
                 std::vector<RecordedEvent> followed;
                 std::jthread reader{[&] {
                     Position after;
                     for (bool last = false; !last;) {
                         last = done.load();
                         for (auto next = page(store, {.after = after, .limit = 7});;
                              next = page(store, {.after = after, .limit = 7})) {
                             std::ranges::copy(next.events, std::back_inserter(followed));
                             if (next.looked_up_to <= after) {
                                 break;
                             }
                             after = next.looked_up_to;
                         }
                     }
                 }};
                 auto const rounds = contend(8, 25, [&](std::size_t contender, std::size_t) {
                     std::string const id = "a" + std::to_string(contender);
                     return detail::append(store, {{{"Account", id}, ExpectedVersion::any(), events(2)}});
                 });
                 done.store(true);
                 reader.join();
                 for (auto const& outcomes : rounds) {
                     ASSERT_EQ(count(outcomes, Outcome::Kind::stored), 8) << other_errors(outcomes);
                 }
                 EXPECT_EQ(followed.size(), 400U);
                 EXPECT_EQ(followed, everything(store));
             }},
            {"G08", "VersionsOfEachAggregateComeInOrder",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(16, 20, [&](std::size_t contender, std::size_t round) {
                     std::string const id = "a" + std::to_string((contender + round) % 8);
                     return detail::append(store, {{{"Account", id}, ExpectedVersion::any(), events(1)}});
                 });
                 for (auto const& outcomes : rounds) {
                     ASSERT_EQ(count(outcomes, Outcome::Kind::stored), 16) << other_errors(outcomes);
                 }
                 std::map<std::string, Version> last;
                 int out_of_order = 0;
                 auto const all = everything(store);
                 for (auto const& one : all) {
                     auto& version = last[one.aggregate_id];
                     out_of_order += one.version == version.next() ? 0 : 1;
                     version = one.version;
                 }
                 EXPECT_EQ(all.size(), 320U);
                 EXPECT_EQ(out_of_order, 0);
             }},
            {"G10",
             "RolledBackPositionsDoNotHoldBackTheReader",
             [](StoreFixture& fixture) {
                 auto const batch = events(3);
                 AppendEntry const entry{alice, ExpectedVersion::none(), batch};
                 fixture.begin({.entries = {&entry, 1}})->roll_back();
                 auto const behind = events(1);
                 append(fixture.store(), bob, ExpectedVersion::none(), behind);
                 EXPECT_EQ(ids_of(page(fixture.store(), {}).events), ids_of(behind));
             },
             {Capability::open_transaction}},
            {"G13", "PageMayEndInsideAnAppend",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const batch = events(5);
                 append(store, alice, ExpectedVersion::none(), batch);
                 auto const first = page(store, {.limit = 2});
                 auto const rest = page(store, {.after = first.looked_up_to});
                 EXPECT_EQ(versions(first.events), numbers(1, 2));
                 EXPECT_EQ(versions(rest.events), numbers(3, 5));
             }},
            {"G14", "FilterByAggregateTypeKeepsTheOrder",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (int i = 0; i < 3; ++i) {
                     fill(store, {"Account", "a"}, 1);
                     fill(store, {"Customer", "c"}, 1);
                     fill(store, {"Account", "b"}, 1);
                 }
                 auto const read = page(store, {.filter = {.aggregate_types = {"Account"}}});
                 EXPECT_EQ(read.events.size(), 6U);
                 EXPECT_TRUE(rising(positions(read.events)));
                 EXPECT_TRUE(
                     std::ranges::all_of(read.events, [](auto const& one) { return one.aggregate_type == "Account"; }));
             }},
            {"G15", "TwoHandlesAgreeOnTheOrder",
             [](StoreFixture& fixture) {
                 auto& one = fixture.store();
                 auto& other = fixture.connect();
                 for (int i = 0; i < 5; ++i) {
                     fill(one, alice, 1);
                     fill(other, bob, 1);
                 }
                 EXPECT_EQ(everything(one).size(), 10U);
                 EXPECT_EQ(everything(one), everything(other));
             }},
            {"G16",
             "PositionsContinueAfterARestart",
             [](StoreFixture& fixture) {
                 auto const before = fill(fixture.store(), alice, 3);
                 auto& store = fixture.reopen();
                 auto const behind = fill(store, bob, 1);
                 EXPECT_GT(behind.position, before.position);
                 EXPECT_EQ(everything(store).size(), 4U);
             },
             {Capability::reopen}},
            {"G18", "FilterByEventType",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 append(store, alice, ExpectedVersion::any(),
                        {event("{}", "Opened"), event("{}", "Noted"), event("{}", "Closed")});
                 auto const read = page(store, {.filter = {.event_types = {"Closed", "Opened"}}});
                 EXPECT_EQ(versions(read.events), (std::vector<std::int64_t>{1, 3}));
             }},
            {"G19", "EventMustFitBothListsOfTheFilter",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 append(store, {"Account", "a"}, ExpectedVersion::any(), {event("{}", "Opened"), event("{}", "Noted")});
                 append(store, {"Customer", "c"}, ExpectedVersion::any(),
                        {event("{}", "Opened"), event("{}", "Noted")});
                 auto const read = page(store, {.filter = {.aggregate_types = {"Customer"}, .event_types = {"Noted"}}});
                 ASSERT_EQ(read.events.size(), 1U);
                 EXPECT_EQ(read.events.front().aggregate(), (AggregateRef{"Customer", "c"}));
                 EXPECT_EQ(read.events.front().event_type, "Noted");
             }},
            {"G20", "FilterThatMatchesNothingStillMovesTheCursor",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const last = fill(store, alice, 10);
                 EventFilter const filter{.event_types = {"Unheard"}};
                 auto const first = page(store, {.filter = filter});
                 EXPECT_TRUE(first.events.empty());
                 EXPECT_GE(first.looked_up_to, last.position);
                 append(store, bob, ExpectedVersion::any(), {event("{}", "Unheard")});
                 EXPECT_EQ(page(store, {.after = first.looked_up_to, .filter = filter}).events.size(), 1U);
             }},
            {"G21", "ReadEndedByItsLimitLookedUpToTheLastVisit",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 5);
                 auto const read = page(store, {.limit = 2});
                 ASSERT_EQ(read.events.size(), 2U);
                 EXPECT_EQ(read.looked_up_to, read.events.back().position);
             }},
            {"G22", "ReadEndedByItsVisitorLookedUpToTheLastVisit",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 5);
                 Position last;
                 auto const looked_up_to = store.read_all({}, [&](RecordedEventView const& view) {
                     last = view.position;
                     return view.version < Version{3};
                 });
                 EXPECT_EQ(history(store, alice).at(2).position, last);
                 EXPECT_EQ(looked_up_to, last);
             }},
            {"G23", "BackwardReadStartsAtTheHead",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 fill(store, bob, 3);
                 auto all = everything(store);
                 std::ranges::reverse(all);
                 EXPECT_EQ(page(store, {.direction = Direction::backward}).events, all);
             }},
            {"G24", "BackwardReadStartsBeforeAfter",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 5);
                 auto const fourth = everything(store).at(3).position;
                 auto const read = page(store, {.after = fourth, .limit = 2, .direction = Direction::backward});
                 EXPECT_EQ(versions(read.events), reversed(numbers(2, 3)));
             }},
            {"G25", "AfterBeyondTheEndVisitsNothingAndDoesNotMove",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const last = fill(store, alice, 3);
                 Position const beyond{last.position.value + 1000};
                 auto const read = page(store, {.after = beyond});
                 EXPECT_TRUE(read.events.empty());
                 EXPECT_EQ(read.looked_up_to, beyond);
             }},
            {"G26", "LimitZeroVisitsNothingAndDoesNotMove",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 auto const first = everything(store).at(0).position;
                 auto const read = page(store, {.after = first, .limit = 0});
                 EXPECT_TRUE(read.events.empty());
                 EXPECT_EQ(read.looked_up_to, first);
             }},
            {"G27", "PageIsAThousandEventsUnlessToldOtherwise",
             [](StoreFixture& fixture) {
                 fill(fixture.store(), alice, 1001);
                 EXPECT_EQ(page(fixture.store(), {}).events.size(), 1000U);
             }},
            {"G28", "VisitorOfReadAllMayAppend",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 2);
                 store.read_all({.limit = 2}, [&](RecordedEventView const&) { fill(store, bob, 1); });
                 EXPECT_EQ(version_of(store, bob), Version{2});
             }},
            {"G29", "FilteredPagesGiveTheSameOrderAsOneRead",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (int i = 0; i < 12; ++i) {
                     append(store, i % 2 == 0 ? alice : bob, ExpectedVersion::any(),
                            {event("{}", i % 3 == 0 ? "Wanted" : "Other")});
                 }
                 EventFilter const filter{.event_types = {"Wanted"}};
                 auto const whole = page(store, {.filter = filter});
                 std::vector<RecordedEvent> pages;
                 auto next = page(store, {.limit = 1, .filter = filter});
                 for (int i = 0; i < 20 && !next.events.empty(); ++i) {
                     std::ranges::copy(next.events, std::back_inserter(pages));
                     next = page(store, {.after = next.looked_up_to, .limit = 1, .filter = filter});
                 }
                 EXPECT_EQ(whole.events.size(), 4U);
                 EXPECT_EQ(pages, whole.events);
             }},
            {"G30", "ReadOfAllIsOneSnapshot",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const last = fill(store, alice, 3);
                 std::size_t visits = 0;
                 auto const looked_up_to = store.read_all({.limit = 10}, [&](RecordedEventView const&) {
                     ++visits;
                     fill(store, bob, 1);
                 });
                 EXPECT_EQ(visits, 3U);
                 EXPECT_EQ(looked_up_to, last.position);
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
