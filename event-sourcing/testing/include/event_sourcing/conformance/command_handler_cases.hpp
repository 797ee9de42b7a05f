#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/account.hpp>
#include <event_sourcing/conformance/detail/contenders.hpp>
#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>

#include <gtest/gtest.h>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {
namespace detail {

/// A command that may come twice, told apart by `request`.
[[nodiscard]] inline CommandContext command(Uuid id, std::string request = "a deposit of 10") {
    return {.command = id, .request = std::move(request)};
}

/// Moves the amount from one account to the other if it is there.
inline Committed transfer(EventStore& store, std::string_view from, std::string_view to, std::int64_t amount,
                          CommandContext const& context = {}, int attempts = 10) {
    auto const decide = [&](Session& session) {
        auto const source = session.load<Account>(from);
        auto const target = session.load<Account>(to);
        if (source->balance < amount) {
            throw InsufficientFunds{};
        }
        source.record(Withdrawn{amount});
        target.record(Deposited{amount});
    };
    return execute(store, decide, context, at_once(attempts));
}

}  // namespace detail

/// Group H: commands on the store, with retries, repeats and doubts.
///
/// Not here, since no store takes part: H08 (back-off, jitter and the time limit), a test of the core's own.
[[nodiscard]] inline Cases command_handler_cases() {
    using namespace detail;
    return in_group(
        "Command",
        {
            {"H01", "DecisionIsStoredAndAnswered",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, alice, 5);
                 auto const done = accounts(store).execute("alice", always(Deposited{10}));
                 auto const stored = history(store, alice);
                 ASSERT_EQ(stored.size(), 2U);
                 EXPECT_EQ(stored.back().event_type, "Deposited");
                 EXPECT_EQ(done.state.balance, 15);
                 EXPECT_EQ(done.version, stored.back().version);
                 EXPECT_EQ(done.position, stored.back().position);
                 EXPECT_FALSE(done.replayed);
             }},
            {"H02", "RefusalPassesUntouchedAndStoresNothing",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, alice, 5);
                 EXPECT_THROW(accounts(store).execute("alice", withdraw(6)), InsufficientFunds);
                 EXPECT_EQ(version_of(store, alice), Version{1});
             }},
            {"H03", "ConflictIsDecidedAgain",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 int decisions = 0;
                 auto const done = accounts(store).execute("alice", [&](Account const&) {
                     if (++decisions < 3) {
                         deposit_meanwhile(store, alice, 1);
                     }
                     return Deposited{10};
                 });
                 EXPECT_EQ(decisions, 3);
                 EXPECT_EQ(done.version, Version{3});
                 EXPECT_EQ(version_of(store, alice), Version{3});
             }},
            {"H04", "ConflictSurfacesAfterTheLastTry",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 int decisions = 0;
                 EXPECT_THROW(accounts(store, 3).execute("alice",
                                                         [&](Account const&) {
                                                             ++decisions;
                                                             deposit_meanwhile(store, alice, 1);
                                                             return Deposited{10};
                                                         }),
                              VersionConflict);
                 EXPECT_EQ(decisions, 3);
                 EXPECT_EQ(accounts(store).load("alice").state.balance, 3);
             }},
            {"H05", "NextTryDecidesOnFreshState",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, alice, 10);
                 bool first = true;
                 EXPECT_THROW(accounts(store).execute("alice",
                                                      [&](Account const& account) {
                                                          if (std::exchange(first, false)) {
                                                              append(store, alice, ExpectedVersion::any(),
                                                                     {event(R"({"amount":8})", "Withdrawn")});
                                                          }
                                                          return withdraw(5)(account);
                                                      }),
                              InsufficientFunds);
                 EXPECT_EQ(accounts(store).load("alice").state.balance, 2);
             }},
            {"H06", "RepeatedCommandHasOneEffectAndOneAnswer",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const context = command(Uuid::v7());
                 int decisions = 0;
                 auto const deposit = [&](Account const&) {
                     ++decisions;
                     return Deposited{10};
                 };
                 auto const first = accounts(store).execute("alice", deposit, context);
                 auto const again = accounts(fixture.connect()).execute("alice", deposit, context);
                 EXPECT_EQ(decisions, 1);
                 EXPECT_TRUE(again.replayed);
                 EXPECT_EQ(again.state, first.state);
                 EXPECT_EQ(again.version, first.version);
                 EXPECT_EQ(again.position, first.position);
                 EXPECT_EQ(version_of(store, alice), Version{1});
             }},
            {"H07", "CommandInDoubtHasOneEffect",
             [](StoreFixture& fixture) {
                 for (auto const moment : {Cut::before_commit, Cut::after_commit}) {
                     auto const store = fixture.connect_and_cut(moment);
                     int decisions = 0;
                     auto const done = accounts(*store).execute("alice", [&](Account const&) {
                         ++decisions;
                         return Deposited{10};
                     });
                     EXPECT_EQ(decisions, 1);
                     EXPECT_FALSE(done.replayed);
                 }
                 EXPECT_EQ(accounts(fixture.store()).load("alice").state.balance, 20);
             }},
            {"H09", "OnlyWhatMayPassIsTriedAgain",
             [](StoreFixture& fixture) {
                 testing::FaultyEventStore store{fixture.store()};
                 store.fail(testing::EventStoreCall::append, Unavailable{"down"}, {.count = 2});
                 accounts(store).execute("alice", always(Deposited{10}));
                 EXPECT_EQ(store.calls(testing::EventStoreCall::append), 3U);
                 store.fail(testing::EventStoreCall::append, PermissionDenied{"never"});
                 EXPECT_THROW(accounts(store).execute("alice", always(Deposited{10})), PermissionDenied);
                 EXPECT_EQ(store.calls(testing::EventStoreCall::append), 4U);
                 EXPECT_EQ(accounts(fixture.store()).load("alice").state.balance, 10);
             }},
            {"H10", "DecisionThatThrowsAfterRecordingStoresNothing",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, bob, 1);
                 auto const decide = [](Session& session) {
                     session.load<Account>("alice").record(Opened{});
                     session.load<Account>("bob").record(Deposited{1});
                     throw std::out_of_range{"too late"};
                 };
                 EXPECT_THROW(execute(store, decide), std::out_of_range);
                 EXPECT_EQ(everything(store).size(), 1U);
             }},
            {"H11", "TransfersOfManyClientsConserveTheMoney",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (int i = 0; i < 4; ++i) {
                     deposit_meanwhile(store, {"Account", "a" + std::to_string(i)}, 100);
                 }
                 auto const rounds = contend(8, 10, [&](std::size_t client, std::size_t round) {
                     auto const from = "a" + std::to_string((client + round) % 4);
                     auto const to = "a" + std::to_string((client + round * 3 + 1) % 4);
                     try {
                         transfer(store, from, to, static_cast<std::int64_t>(10 + client * 7), {}, 300);
                     } catch (InsufficientFunds const&) {
                         return AppendResult{};
                     }
                     return AppendResult{.entries = {{}}};
                 });
                 std::size_t accepted = 0;
                 for (auto const& outcomes : rounds) {
                     ASSERT_EQ(count(outcomes, Outcome::Kind::stored), 8) << other_errors(outcomes);
                     for (auto const& one : outcomes) {
                         accepted += one.result.entries.size();
                     }
                 }
                 std::int64_t sum = 0;
                 for (int i = 0; i < 4; ++i) {
                     auto const balance = accounts(store).load("a" + std::to_string(i)).state.balance;
                     EXPECT_GE(balance, 0);
                     sum += balance;
                 }
                 EXPECT_EQ(sum, 400);
                 EXPECT_GT(accepted, 0U);
                 EXPECT_EQ(everything(store).size(), 4 + 2 * accepted);
             }},
            {"H12", "CommandIdOfAnotherRequestIsRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const id = Uuid::v7();
                 accounts(store).execute("alice", always(Deposited{10}), command(id, "a deposit of 10"));
                 EXPECT_THROW(accounts(store).execute("alice", always(Deposited{20}), command(id, "a deposit of 20")),
                              DuplicateEvent);
                 EXPECT_EQ(accounts(store).load("alice").state.balance, 10);
             }},
            {"H13", "RepeatedCommandIsAnsweredAsOfThen",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const context = command(Uuid::v7());
                 accounts(store).execute("alice", always(Deposited{10}), context);
                 deposit_meanwhile(store, alice, 500);
                 auto const again = accounts(store).execute("alice", always(Deposited{10}), context);
                 EXPECT_EQ(again.state.balance, 10);
                 EXPECT_EQ(again.version, Version{1});
             }},
            {"H14", "CommandThatStoredNothingIsDecidedAgain",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const context = command(Uuid::v7());
                 EXPECT_THROW(accounts(store).execute("alice", withdraw(10), context), InsufficientFunds);
                 deposit_meanwhile(store, alice, 10);
                 auto const done = accounts(store).execute("alice", withdraw(10), context);
                 EXPECT_FALSE(done.replayed);
                 EXPECT_EQ(done.state.balance, 0);
             }},
            {"H15", "RepeatedCommandOverSeveralAggregatesIsAnsweredWhole",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, alice, 100);
                 auto const context = command(Uuid::v7(), "alice to bob: 30");
                 auto const first = transfer(store, "alice", "bob", 30, context);
                 auto again = transfer(store, "alice", "bob", 30, context);
                 EXPECT_TRUE(std::exchange(again.replayed, false));
                 EXPECT_EQ(again, first);
                 EXPECT_EQ(everything(store).size(), 3U);
             }},
            {"H16", "RacingTwinsOfACommandHaveOneEffect",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector<CommandContext> contexts;
                 for (int round = 0; round < 20; ++round) {
                     contexts.push_back(command(Uuid::v7()));
                 }
                 auto const rounds = contend(4, contexts.size(), [&](std::size_t, std::size_t round) {
                     auto const done = accounts(store, 300).execute("alice", always(Deposited{10}), contexts[round]);
                     return AppendResult{{{done.version, done.position}}, done.replayed};
                 });
                 for (auto const& outcomes : rounds) {
                     ASSERT_EQ(count(outcomes, Outcome::Kind::stored), 4) << other_errors(outcomes);
                     for (auto const& one : outcomes) {
                         EXPECT_EQ(one.result.entries, outcomes.front().result.entries);
                     }
                 }
                 EXPECT_EQ(accounts(store).load("alice").state.balance, 200);
             }},
            {"H17", "CommandIdOnAnotherAggregateIsRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const context = command(Uuid::v7());
                 accounts(store).execute("alice", always(Deposited{10}), context);
                 EXPECT_THROW(accounts(store).execute("bob", always(Deposited{10}), context), DuplicateEvent);
                 EXPECT_EQ(version_of(store, bob), Version{});
             }},
            {"H18", "ContextIsStoredWithEachEvent",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto context = command(Uuid::v7());
                 context.correlation = Uuid::v7();
                 context.causation = Uuid::v7();
                 context.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
                 context.headers = {{"user", "\"zoë\""}};
                 accounts(store).execute("alice", always(std::vector<Account::Event>{Opened{}, Deposited{1}}), context);
                 auto const stored = history(store, alice);
                 ASSERT_EQ(stored.size(), 2U);
                 for (std::size_t ordinal = 0; ordinal < 2; ++ordinal) {
                     auto const metadata = parse_metadata(stored[ordinal].metadata);
                     EXPECT_EQ(stored[ordinal].id, Uuid::derived(*context.command, ordinal));
                     EXPECT_EQ(metadata.command_id, context.command);
                     EXPECT_EQ(metadata.correlation_id, context.correlation);
                     EXPECT_EQ(metadata.causation_id, context.causation);
                     EXPECT_EQ(metadata.traceparent, context.traceparent);
                     EXPECT_EQ(metadata.headers, context.headers);
                 }
             }},
            {"H19", "RepeatedCommandOfManyEventsIsAnsweredWhole",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const context = command(Uuid::v7());
                 std::vector<Account::Event> const decided(20, Deposited{1});
                 accounts(store).execute("alice", always(decided), context);
                 deposit_meanwhile(store, alice, 1);
                 auto const again = accounts(store).execute("alice", always(decided), context);
                 EXPECT_EQ(again.version, Version{20});
                 EXPECT_EQ(again.state.balance, 20);
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
