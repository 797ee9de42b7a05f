#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/contenders.hpp>
#include <event_sourcing/conformance/detail/material.hpp>

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {
namespace detail {

/// Appends in two other threads and waits for their end. An append that fails shows in the version.
inline void fill_from_other_threads(EventStore& store, AggregateRef aggregate, std::int64_t count) {
    static_cast<void>(contend(2, 1, [&](std::size_t, std::size_t) {
        return append(store, {{aggregate, ExpectedVersion::any(), events(count)}});
    }));
}

}  // namespace detail

/// Group C: many at once. Contenders, always two or more, start together; outcomes are collected first and looked at by
/// one thread.
///
/// A visitor or an append that waits for the other where it must not makes its case hang: give the runner a time limit.
/// C08 reads: one handle is safe to use from several threads.
[[nodiscard]] inline Cases concurrency_cases() {
    using namespace detail;
    return in_group(
        "Concurrency",
        {
            {"C01", "OneOfManyContendersForAVersionWins",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(64, 50, [&](std::size_t contender, std::size_t round) {
                     auto const expected = ExpectedVersion::exactly(Version{static_cast<std::int64_t>(round)});
                     std::vector const one{event(numbered(static_cast<std::int64_t>(contender)))};
                     return detail::append(store, {{alice, expected, one}});
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 1);
                     EXPECT_EQ(count(outcomes, Outcome::Kind::conflict), 63) << other_errors(outcomes);
                 }
             }},
            {"C02", "AllContendersWithoutAnExpectationWin",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(64, 4, [&](std::size_t, std::size_t) {
                     std::vector const one{event()};
                     return detail::append(store, {{alice, ExpectedVersion::any(), one}});
                 });
                 std::set<Version> given;
                 for (auto const& outcomes : rounds) {
                     ASSERT_EQ(count(outcomes, Outcome::Kind::stored), 64) << other_errors(outcomes);
                     for (auto const& one : outcomes) {
                         given.insert(one.result.entries.at(0).version);
                     }
                 }
                 EXPECT_EQ(given.size(), 256U);
                 EXPECT_EQ(versions(history(store, alice)), numbers(1, 256));
             }},
            {"C03", "ContendersOnDifferentAggregatesAllWin",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(64, 4, [&](std::size_t contender, std::size_t round) {
                     std::string const id = "a" + std::to_string(contender);
                     std::vector const one{event()};
                     auto const expected = ExpectedVersion::exactly(Version{static_cast<std::int64_t>(round)});
                     return detail::append(store, {{{"Account", id}, expected, one}});
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 64) << other_errors(outcomes);
                 }
                 EXPECT_EQ(everything(store).size(), 256U);
             }},
            {"C04", "OneOfTwoWhoOpenAnAggregateWins",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(2, 100, [&](std::size_t, std::size_t round) {
                     std::string const id = "a" + std::to_string(round);
                     std::vector const one{event()};
                     return detail::append(store, {{{"Account", id}, ExpectedVersion::none(), one}});
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 1);
                     EXPECT_EQ(count(outcomes, Outcome::Kind::conflict), 1) << other_errors(outcomes);
                 }
             }},
            {"C05", "HistoryHoldsWhatTheWinnersWrote",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(8, 20, [&](std::size_t contender, std::size_t round) {
                     auto const expected = ExpectedVersion::exactly(Version{static_cast<std::int64_t>(round)});
                     std::vector const one{event(numbered(static_cast<std::int64_t>(contender)))};
                     return detail::append(store, {{alice, expected, one}});
                 });
                 std::vector<std::string> winners;
                 for (auto const& outcomes : rounds) {
                     for (std::size_t contender = 0; contender < outcomes.size(); ++contender) {
                         if (outcomes[contender].kind == Outcome::Kind::stored) {
                             winners.push_back(numbered(static_cast<std::int64_t>(contender)));
                         }
                     }
                 }
                 EXPECT_EQ(data_of(history(store, alice)), winners);
             }},
            {"C06", "EntriesInOppositeOrderDoNotStopEachOther",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(2, 100, [&](std::size_t contender, std::size_t) {
                     auto const first = events(1);
                     auto const second = events(1);
                     return detail::append(store, {{contender == 0 ? alice : bob, ExpectedVersion::any(), first},
                                                   {contender == 0 ? bob : alice, ExpectedVersion::any(), second}});
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 2) << other_errors(outcomes);
                 }
                 EXPECT_EQ(version_of(store, alice), Version{200});
                 EXPECT_EQ(version_of(store, bob), Version{200});
             }},
            {"C07", "LosersLeaveNothingBehind",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector<std::vector<NewEvent>> batches;
                 for (int contender = 0; contender < 8; ++contender) {
                     batches.push_back(events(3));
                 }
                 auto const outcomes =
                     contend(8, 1, [&](std::size_t contender, std::size_t) {
                         return detail::append(store, {{alice, ExpectedVersion::none(), batches[contender]}});
                     }).front();
                 for (std::size_t contender = 0; contender < batches.size(); ++contender) {
                     std::size_t const left = outcomes[contender].kind == Outcome::Kind::stored ? 3 : 0;
                     EXPECT_EQ(find(store, ids_of(batches[contender])).events.size(), left);
                 }
                 EXPECT_EQ(everything(store).size(), 3U);
             }},
            {"C08", "OneHandleServesSeveralThreads",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(4, 50, [&](std::size_t contender, std::size_t round) {
                     std::string const id = "a" + std::to_string(contender);
                     std::vector const one{event(numbered(static_cast<std::int64_t>(round)))};
                     auto result = detail::append(store, {{{"Account", id}, ExpectedVersion::any(), one}});
                     if (history(store, {"Account", id}).size() != round + 1 || !find(store, {one.front().id}).all) {
                         throw std::runtime_error{"a thread does not find what it has stored"};
                     }
                     return result;
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 4) << other_errors(outcomes);
                 }
             }},
            {"C09", "OpenReadDoesNotHoldBackAnAppendElsewhere",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 2);
                 store.read(alice, {.limit = 1},
                            [&](RecordedEventView const&) { fill_from_other_threads(store, bob, 1); });
                 EXPECT_EQ(version_of(store, bob), Version{2});
             }},
            {"C10",
             "OpenTransactionDoesNotHoldBackAnAppendElsewhere",
             [](StoreFixture& fixture) {
                 auto const batch = events(1);
                 AppendEntry const entry{alice, ExpectedVersion::none(), batch};
                 auto const open = fixture.begin({.entries = {&entry, 1}});
                 EXPECT_EQ(append(fixture.connect(), bob, ExpectedVersion::none(), {event()}).version, Version{1});
                 open->commit();
                 EXPECT_EQ(version_of(fixture.store(), alice), Version{1});
             },
             {Capability::open_transaction}},
            {"C11", "KnownIdIsReportedBeforeAWrongVersion",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const taken = event();
                 append(store, bob, ExpectedVersion::none(), {taken});
                 fill(store, alice, 3);
                 EXPECT_THROW(append(store, alice, ExpectedVersion::none(), {taken}), DuplicateEvent);
                 EXPECT_THROW(append(store, alice, ExpectedVersion::none(), {event()}), VersionConflict);
             }},
            {"C12", "OneOfTwoCrossingChecksWins",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(2, 100, [&](std::size_t contender, std::size_t round) {
                     std::string const left = "left" + std::to_string(round);
                     std::string const right = "right" + std::to_string(round);
                     std::vector const one{event()};
                     return detail::append(store,
                                           {{{"Account", contender == 0 ? left : right}, ExpectedVersion::none(), one},
                                            {{"Account", contender == 0 ? right : left}, ExpectedVersion::none(), {}}});
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 1);
                     EXPECT_EQ(count(outcomes, Outcome::Kind::conflict), 1) << other_errors(outcomes);
                 }
             }},
            {"C13", "OpenReadDoesNotHoldBackAnAppendToItsAggregate",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 2);
                 store.read(alice, {.limit = 1},
                            [&](RecordedEventView const&) { fill_from_other_threads(store, alice, 1); });
                 EXPECT_EQ(version_of(store, alice), Version{4});
             }},
            {"C14", "OpenReadOfAllDoesNotHoldBackAnAppend",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 2);
                 store.read_all({.limit = 1},
                                [&](RecordedEventView const&) { fill_from_other_threads(store, bob, 1); });
                 EXPECT_EQ(version_of(store, bob), Version{2});
             }},
            {"C15", "ViewsStayValidWhileOthersAppend",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, alice, 3);
                 std::vector<std::string> seen;
                 store.read(alice, {}, [&](RecordedEventView const& view) {
                     fill_from_other_threads(store, alice, 500);
                     seen.push_back(to_owned(view).data);
                 });
                 EXPECT_EQ(seen, (std::vector{numbered(1), numbered(2), numbered(3)}));
             }},
            {"C16", "OneOfManyContendersForTwoAggregatesWinsBoth",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const rounds = contend(8, 20, [&](std::size_t contender, std::size_t round) {
                     auto const expected = ExpectedVersion::exactly(Version{static_cast<std::int64_t>(round)});
                     std::vector const mine{event(numbered(static_cast<std::int64_t>(contender)))};
                     std::vector const also_mine{event(mine.front().data)};
                     return detail::append(store, {{alice, expected, mine}, {bob, expected, also_mine}});
                 });
                 for (auto const& outcomes : rounds) {
                     EXPECT_EQ(count(outcomes, Outcome::Kind::stored), 1);
                     EXPECT_EQ(count(outcomes, Outcome::Kind::conflict), 7) << other_errors(outcomes);
                 }
                 EXPECT_EQ(history(store, alice).size(), 20U);
                 EXPECT_EQ(data_of(history(store, alice)), data_of(history(store, bob)));
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
