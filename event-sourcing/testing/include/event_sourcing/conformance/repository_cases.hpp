#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/account.hpp>
#include <event_sourcing/conformance/detail/hiding_event_store.hpp>
#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/conformance/detail/sealing_codec.hpp>

#include <gtest/gtest.h>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {
namespace detail {

/// An aggregate whose deposits have changed their shape twice.
struct DepositedInCurrency {
    static constexpr std::string_view event_type = "Deposited";
    static constexpr int schema_version = 3;
    std::int64_t minor_units = 0;
    std::string currency{};
};
inline void to_json(nlohmann::json& json, DepositedInCurrency const& event) {
    json = {{"minor_units", event.minor_units}, {"currency", event.currency}};
}
inline void from_json(nlohmann::json const& json, DepositedInCurrency& event) {
    event.minor_units = checked_get<std::int64_t>(json, "/minor_units");
    event.currency = checked_get<std::string>(json, "/currency");
}
struct EvolvedAccount {
    using Event = std::variant<DepositedInCurrency>;
    static constexpr std::string_view aggregate_type = "Account";
    static JsonCodec<Event> codec() {
        Upcasters steps;
        steps.add("Deposited", 1, [](nlohmann::json json) {
            json["minor_units"] = json.at("amount").get<std::int64_t>() * 100;
            return json;
        });
        steps.add("Deposited", 2, [](nlohmann::json json) {
            json["currency"] = "EUR";
            return json;
        });
        return JsonCodec<Event>{steps};
    }
    void apply(DepositedInCurrency const& event) {
        balance += event.minor_units;
        currencies += event.currency;
    }
    std::int64_t balance = 0;
    std::string currencies{};
};

/// An aggregate whose `apply` breaks its rule not to refuse.
struct RefusingAccount {
    using Event = std::variant<Opened, Deposited>;
    static constexpr std::string_view aggregate_type = "Account";
    void apply(Opened const&) {}
    void apply(Deposited const&) { throw std::logic_error{"not today"}; }
};

}  // namespace detail

/// Group Y: sessions and repositories on the store.
///
/// Not here, since no store takes part: a hole in a chain of upcasters (the other half of Y08) and loading by time
/// (Y05) are the core's own tests, or not promised.
[[nodiscard]] inline Cases repository_cases() {
    using namespace detail;
    return in_group(
        "Repository",
        {
            {"Y01", "MissingAggregateIsAtVersionZero",
             [](StoreFixture& fixture) {
                 auto const loaded = accounts(fixture.store()).load("alice");
                 EXPECT_EQ(loaded.version, Version{});
                 EXPECT_EQ(loaded.position, Position{});
                 EXPECT_EQ(loaded.state, Account{});
             }},
            {"Y02", "RecordedEventsAreLoadedAgain",
             [](StoreFixture& fixture) {
                 accounts(fixture.store())
                     .execute("alice", always(std::vector<Account::Event>{Opened{}, Deposited{100}}));
                 auto const loaded = accounts(fixture.connect()).load("alice");
                 EXPECT_EQ(loaded.state, (Account{.balance = 100, .open = true}));
                 EXPECT_EQ(loaded.version, Version{2});
                 EXPECT_EQ(loaded.position, history(fixture.store(), alice).at(1).position);
             }},
            {"Y03", "NothingRecordedStoresNothing",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 fill(store, bob, 1);
                 auto const done = accounts(store).execute("alice", always(std::vector<Account::Event>{}));
                 EXPECT_EQ(done.version, Version{});
                 EXPECT_EQ(everything(store).size(), 1U);
             }},
            {"Y04", "StaleSessionIsAConflict",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 Session session{store};
                 session.load<Account>("alice").record(Opened{});
                 deposit_meanwhile(store, alice, 5);
                 EXPECT_THROW(session.commit(), VersionConflict);
                 EXPECT_EQ(version_of(store, alice), Version{1});
             }},
            {"Y05", "AggregateIsLoadedAsOfAVersion",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (std::int64_t amount = 1; amount <= 5; ++amount) {
                     deposit_meanwhile(store, alice, amount);
                 }
                 auto const loaded = accounts(store).load("alice", Version{3});
                 EXPECT_EQ(loaded.state.balance, 1 + 2 + 3);
                 EXPECT_EQ(loaded.version, Version{3});
             }},
            {"Y06", "GapInTheVersionsIsCorrupted",
             [](StoreFixture& fixture) {
                 auto const batch = std::vector<Account::Event>{Opened{}, Deposited{1}, Deposited{2}};
                 accounts(fixture.store()).execute("alice", always(batch));
                 HidingEventStore hiding{fixture.store(), Version{2}};
                 EXPECT_THROW(static_cast<void>(accounts(hiding).load("alice")), Corrupted);
             }},
            {"Y07", "UnknownEventTypeIsNotPassedOver",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, alice, 1);
                 append(store, alice, ExpectedVersion::any(), {event("{}", "Unheard")});
                 auto const error = thrown<CodecError>([&] { static_cast<void>(accounts(store).load("alice")); });
                 ASSERT_TRUE(error);
                 EXPECT_NE(std::string_view{error->what()}.find("Unheard"), std::string_view::npos);
             }},
            {"Y08", "OldEventsAreUpcastStepByStep",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, alice, 1);
                 append(store, alice, ExpectedVersion::any(),
                        {NewEvent{.event_type = "Deposited", .schema_version = 2, .data = R"({"minor_units":20})"}});
                 Repository<EvolvedAccount> const evolved{store};
                 evolved.execute("alice", [](EvolvedAccount const&) { return DepositedInCurrency{3, "USD"}; });
                 auto const loaded = evolved.load("alice");
                 EXPECT_EQ(loaded.state.balance, 100 + 20 + 3);
                 EXPECT_EQ(loaded.state.currencies, "EUREURUSD");
                 EXPECT_EQ(last_of(history(store, alice)).schema_version, 3);
             }},
            {"Y09", "ApplyThatThrowsIsCorruptedAndNamesTheEvent",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 accounts(store).execute("alice", always(std::vector<Account::Event>{Opened{}, Deposited{1}}));
                 auto const error =
                     thrown<Corrupted>([&] { static_cast<void>(Repository<RefusingAccount>{store}.load("alice")); });
                 ASSERT_TRUE(error);
                 EXPECT_NE(std::string_view{error->what()}.find(to_string(history(store, alice).at(1).id)),
                           std::string_view::npos);
             }},
            {"Y10", "LoadAfterAFailedCommitSeesTheStore",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto const repository = accounts(store, 1);
                 repository.execute("alice", always(Deposited{1}));
                 EXPECT_THROW(repository.execute("alice",
                                                 [&](Account const&) {
                                                     deposit_meanwhile(store, alice, 10);
                                                     return Deposited{100};
                                                 }),
                              VersionConflict);
                 EXPECT_EQ(repository.load("alice").state.balance, 11);
             }},
            {"Y11", "LongHistoryIsFoldedWhole",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 for (std::int64_t part = 0; part < 10; ++part) {
                     std::vector<NewEvent> batch;
                     for (std::int64_t n = 1; n <= 500; ++n) {
                         batch.push_back({.event_type = "Deposited",
                                          .data = "{\"amount\":" + std::to_string(500 * part + n) + "}"});
                     }
                     append(store, alice, ExpectedVersion::any(), batch);
                 }
                 auto const loaded = accounts(store).load("alice");
                 EXPECT_EQ(loaded.version, Version{5000});
                 EXPECT_EQ(loaded.state.balance, 5000 * 5001 / 2);
             }},
            {"Y12", "OneNameIsNotLoadedAsTwoTypes",
             [](StoreFixture& fixture) {
                 deposit_meanwhile(fixture.store(), alice, 1);
                 Session session{fixture.store()};
                 EXPECT_EQ(session.load<Account>("alice").version(), Version{1});
                 EXPECT_THROW(static_cast<void>(session.load<RefusingAccount>("alice")), Error);
             }},
            {"Y13", "EventsWithoutTheirKeyAreReadAsShredded",
             [](StoreFixture& fixture) {
                 auto const codec = std::make_shared<SealingCodec>();
                 Repository<Account, SealingCodec> const sealed{fixture.store(), {.codec = codec}};
                 sealed.execute("alice", always(std::vector<Account::Event>{Opened{}, Deposited{100}}));
                 EXPECT_EQ(sealed.load("alice").state.balance, 100);
                 codec->drop_key();
                 auto const loaded = sealed.load("alice");
                 EXPECT_EQ(loaded.version, Version{2});
                 EXPECT_EQ(loaded.state, (Account{.shredded = 2}));
             }},
            {"Y14", "EncryptedEventsEncodedAnewReplay",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 SealingCodec codec;
                 EncodeContext const context{alice, Uuid::v7()};
                 std::vector const first{codec.encode(Deposited{100}, context)};
                 std::vector const again{codec.encode(Deposited{100}, context)};
                 ASSERT_NE(first.front().data, again.front().data);
                 auto const stored = append(store, alice, ExpectedVersion::none(), first);
                 auto const replayed = detail::append(store, {{alice, ExpectedVersion::none(), again}});
                 EXPECT_TRUE(replayed.replayed);
                 EXPECT_EQ(replayed.entries.at(0), stored);
                 EXPECT_EQ(data_of(history(store, alice)), data_of(first));
             }},
            {"Y15", "AggregateThatWasOnlyLoadedIsChecked",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 Session session{store};
                 EXPECT_EQ(session.load<Account>("bob").version(), Version{});
                 session.load<Account>("alice").record(Opened{});
                 deposit_meanwhile(store, bob, 1);
                 auto const conflict = thrown<VersionConflict>([&] { session.commit(); });
                 ASSERT_TRUE(conflict);
                 EXPECT_EQ(conflict->aggregate(), bob);
                 EXPECT_EQ(version_of(store, alice), Version{});
             }},
            {"Y16", "SessionStoresAllItsAggregatesOrNone",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 deposit_meanwhile(store, alice, 100);
                 Session good{store};
                 good.load<Account>("alice").record(Withdrawn{30});
                 good.load<Account>("bob").record(Deposited{30});
                 EXPECT_EQ(good.commit().written.size(), 2U);
                 Session stale{store};
                 stale.load<Account>("bob").record(Withdrawn{30});
                 stale.load<Account>("alice").record(Deposited{30});
                 deposit_meanwhile(store, alice, 1);
                 EXPECT_THROW(stale.commit(), VersionConflict);
                 EXPECT_EQ(accounts(store).load("alice").state.balance, 71);
                 EXPECT_EQ(accounts(store).load("bob").state.balance, 30);
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
