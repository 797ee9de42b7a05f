#include "support/account.hpp"
#include "support/records.hpp"
#include "support/thrown.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/repository.hpp>
#include <event_sourcing/session.hpp>
#include <event_sourcing/testing/counting_ids.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace event_sourcing;
using bank::Account;
using bank::Closed;
using bank::Deposited;
using bank::Opened;
using bank::Withdrawn;
using event_sourcing::testing::CountingIds;
using event_sourcing::testing::EventStoreCall;
using event_sourcing::testing::FaultyEventStore;

struct SessionOnMemory : ::testing::Test {
    InMemoryEventStore memory;
    FaultyEventStore store{memory};

    void SetUp() override {
        append_events("alice", {Opened{"Alice"}, Deposited{100}});
        append_events("bob", {Opened{"Bob"}});
    }

    void append_events(std::string_view id, std::vector<bank::AccountEvent> const& events) {
        Session session{memory};
        session.load<Account>(id).record(events);
        session.commit();
    }
};

TEST_F(SessionOnMemory, LoadsTheStateAndItsVersion) {
    Session session{store};
    auto const alice = session.load<Account>("alice");
    EXPECT_EQ(alice->balance, 100);
    EXPECT_EQ((*alice).owner, "Alice");
    EXPECT_EQ(alice.version(), Version{2});
    auto const nobody = session.load<Account>("nobody");
    EXPECT_EQ(*nobody, Account{});
    EXPECT_EQ(nobody.version(), Version{0});
}

TEST_F(SessionOnMemory, GivesTheSameHandleTheSecondTime) {
    Session session{store};
    auto const first = session.load<Account>("alice");
    first.record(Deposited{1});
    auto const second = session.load<Account>("alice");
    EXPECT_EQ(&*first, &*second);
    EXPECT_EQ(second->balance, 101) << "with what was recorded";
    second.record(Deposited{1});
    EXPECT_EQ(first.version(), Version{4});
    EXPECT_EQ(store.calls(EventStoreCall::read), 1U);
    session.commit();
    EXPECT_EQ(records::of(memory, {"Account", "alice"}).size(), 4U);
}

TEST_F(SessionOnMemory, KeepsHandlesValidWhileMoreIsLoaded) {
    Session session{store};
    auto const alice = session.load<Account>("alice");
    auto const* const state = &*alice;
    for (int i = 0; i < 100; ++i) {
        static_cast<void>(session.load<Account>(std::to_string(i)));
    }
    EXPECT_EQ(&*alice, state);
    EXPECT_EQ(alice->balance, 100);
}

struct OtherAccount {
    using Event = std::variant<Closed>;
    static constexpr std::string_view aggregate_type = "Account";
    void apply(Closed const& /*event*/) {}
};

TEST_F(SessionOnMemory, RefusesOneAggregateAsTwoTypes) {
    Session session{store};
    static_cast<void>(session.load<Account>("carol"));
    expect_words(message_of<InvalidArgument>([&] { return session.load<OtherAccount>("carol"); }), "Account/carol");
}

TEST_F(SessionOnMemory, FoldsWhatIsRecordedAtOnce) {
    Session session{store};
    auto const alice = session.load<Account>("alice");
    alice.record(Withdrawn{30});
    EXPECT_EQ(alice->balance, 70);
    EXPECT_EQ(alice.version(), Version{3});
    EXPECT_EQ(records::of(memory, {"Account", "alice"}).size(), 2U) << "nothing is stored before the commit";
}

TEST_F(SessionOnMemory, RecordsOneEventAVectorAnOptionalAndWhateverElseHoldsEvents) {
    using Event = bank::AccountEvent;
    Session session{store};
    auto const carol = session.load<Account>("carol");
    auto const version_after = [&](auto&& events) {
        carol.record(std::forward<decltype(events)>(events));
        return carol.version().value;
    };
    EXPECT_EQ(version_after(Deposited{1}), 1);
    EXPECT_EQ(version_after(Event{Deposited{1}}), 2);
    EXPECT_EQ(version_after(std::vector<Event>{Deposited{1}, Withdrawn{1}}), 4);
    EXPECT_EQ(version_after(std::vector{Deposited{1}}), 5);
    EXPECT_EQ(version_after(std::array{Deposited{1}, Deposited{2}}), 7);
    EXPECT_EQ(version_after(std::optional{Deposited{1}}), 8);
    EXPECT_EQ(version_after(std::optional<Event>{}), 8);
    EXPECT_EQ(version_after(std::vector<Event>{}), 8);
    EXPECT_EQ(version_after(std::optional{std::vector{Deposited{1}, Deposited{2}}}), 10);
    EXPECT_EQ(version_after(std::vector<std::optional<Event>>{std::nullopt, Closed{}}), 11);
    EXPECT_EQ(version_after(std::variant<Withdrawn, Deposited>{Deposited{1}}), 12)
        << "of fewer events than the aggregate has";
    auto const constant = std::vector<Event>{Deposited{1}};
    EXPECT_EQ(version_after(constant), 13);
    EXPECT_EQ(version_after(std::span{constant}), 14);
    EXPECT_EQ(version_after(Closed{}), 15);
    session.commit();
    EXPECT_EQ(records::of(memory, {"Account", "carol"}).size(), 15U);
}

/// A state that keeps its events, so that a decision can refer to them.
struct Journal {
    using Event = bank::AccountEvent;
    static constexpr std::string_view aggregate_type = "Journal";
    std::vector<Event> events{};
    void apply(Opened const& event) { events.emplace_back(event); }
    void apply(Deposited const& event) { events.emplace_back(event); }
    void apply(Withdrawn const& event) { events.emplace_back(event); }
    void apply(Closed const& event) { events.emplace_back(event); }
};

TEST_F(SessionOnMemory, RecordsEventsThatLieInTheStateItself) {
    Session session{store};
    auto const journal = session.load<Journal>("one");
    journal.record(
        std::vector<bank::AccountEvent>{Opened{"a long name that does not fit into a short string"}, Deposited{2}});
    journal.record(journal->events);
    journal.record(journal->events.front());
    journal.record(std::span{journal->events});
    EXPECT_EQ(journal->events.size(), 10U);
    session.commit();
    EXPECT_EQ(records::of(memory, {"Journal", "one"}).size(), 10U);
}

/// An event that a variant would take a vector for, since a JSON tree is made of nearly everything.
struct Imported {
    static constexpr std::string_view event_type = "Imported";
    nlohmann::json row{};
};
void to_json(nlohmann::json& json, Imported const& event) { json = event.row; }
void from_json(nlohmann::json const& json, Imported& event) { event.row = json; }
struct Imports {
    using Event = std::variant<Imported>;
    static constexpr std::string_view aggregate_type = "Imports";
    int rows = 0;
    void apply(Imported const& /*event*/) { ++rows; }
};

TEST_F(SessionOnMemory, TakesAVectorOfEventsForManyEventsWhateverTheEventIsMadeOf) {
    Session session{store};
    auto const imports = session.load<Imports>("one");
    imports.record(std::vector{Imported{{{"a", 1}}}, Imported{{{"a", 2}}}});
    imports.record(std::optional{Imported{3}});
    EXPECT_EQ(imports->rows, 3);
    session.commit();
    EXPECT_EQ(records::texts(memory, {"Imports", "one"}),
              (std::vector<std::string>{R"(Imported {"a":1})", R"(Imported {"a":2})", "Imported 3"}));
}

TEST_F(SessionOnMemory, CommitsEverythingInOneAppend) {
    Session session{store};
    session.load<Account>("alice").record(Withdrawn{30});
    session.load<Account>("bob").record(Deposited{30});
    auto const committed = session.commit();
    EXPECT_EQ(store.calls(EventStoreCall::append), 1U);
    EXPECT_EQ(committed, (Committed{.written = {{"Account", "alice", Version{3}, Position{4}},
                                                {"Account", "bob", Version{2}, Position{5}}}}));
}

TEST_F(SessionOnMemory, OrdersEntriesByTheirFirstEventNotByLoading) {
    Session session{store};
    auto const alice = session.load<Account>("alice");
    auto const bob = session.load<Account>("bob");
    auto const carol = session.load<Account>("carol");
    carol.record(Opened{"Carol"});
    bob.record(Deposited{1});
    carol.record(Deposited{2});
    alice.record(Closed{});
    auto const committed = session.commit();
    ASSERT_EQ(committed.written.size(), 3U);
    EXPECT_EQ(committed.written[0], (WrittenAggregate{"Account", "carol", Version{2}, Position{5}}));
    EXPECT_EQ(committed.written[1], (WrittenAggregate{"Account", "bob", Version{2}, Position{6}}));
    EXPECT_EQ(committed.written[2], (WrittenAggregate{"Account", "alice", Version{3}, Position{7}}));
}

TEST_F(SessionOnMemory, MakesNoCallWhereNothingIsRecorded) {
    Session session{store};
    static_cast<void>(session.load<Account>("alice"));
    session.load<Account>("bob").record(std::optional<Deposited>{});
    EXPECT_EQ(session.commit(), Committed{});
    EXPECT_EQ(store.calls(EventStoreCall::append), 0U);
    EXPECT_EQ(Session{store}.commit(), Committed{});
}

TEST_F(SessionOnMemory, ChecksWhatIsLoadedAndNotRecorded) {
    Session session{store};
    static_cast<void>(session.load<Account>("alice"));
    session.load<Account>("bob").record(Deposited{1});
    append_events("alice", {Withdrawn{100}});
    auto const conflict = thrown_by<VersionConflict>([&] { return session.commit(); });
    ASSERT_TRUE(conflict);
    EXPECT_EQ(conflict->aggregate(), (AggregateRef{"Account", "alice"}));
    EXPECT_EQ(conflict->expected(), ExpectedVersion::exactly(Version{2}));
    EXPECT_EQ(conflict->actual(), Version{3});
    EXPECT_EQ(records::of(memory, {"Account", "bob"}).size(), 1U) << "all or nothing";
}

TEST_F(SessionOnMemory, ChecksThatWhatDidNotExistStillDoesNot) {
    Session session{store};
    EXPECT_EQ(session.load<Account>("carol").version(), Version{0});
    session.load<Account>("bob").record(Deposited{1});
    append_events("carol", {Opened{"Carol"}});
    EXPECT_THROW(session.commit(), VersionConflict);
}

TEST_F(SessionOnMemory, PassesAHoldingCheckAndLeavesNoTraceOfIt) {
    Session session{store};
    static_cast<void>(session.load<Account>("alice"));
    session.load<Account>("bob").record(Deposited{1});
    auto const committed = session.commit();
    EXPECT_EQ(committed.find({"Account", "alice"}), nullptr);
    EXPECT_EQ(records::of(memory, {"Account", "alice"}).size(), 2U);
}

TEST_F(SessionOnMemory, DerivesIdsFromTheCommandOverAllAggregates) {
    auto const command = Uuid::derived({}, 77);
    Session session{store, {.command = command}};
    auto const alice = session.load<Account>("alice");
    auto const bob = session.load<Account>("bob");
    alice.record(Withdrawn{1});
    bob.record(Deposited{1});
    alice.record(Closed{});
    session.commit();
    auto const of_alice = records::of(memory, {"Account", "alice"});
    EXPECT_EQ(of_alice[2].id, Uuid::derived(command, 0));
    EXPECT_EQ(of_alice[3].id, Uuid::derived(command, 2));
    EXPECT_EQ(records::of(memory, {"Account", "bob"})[1].id, Uuid::derived(command, 1));
}

TEST_F(SessionOnMemory, TakesIdsFromTheSourceWhereTheCommandHasNone) {
    CountingIds const ids;
    Session session{store, {}, {.new_id = ids}};
    session.load<Account>("alice").record(std::vector{Deposited{1}, Deposited{2}});
    session.commit();
    auto const events = records::of(memory, {"Account", "alice"});
    EXPECT_EQ(events[2].id, ids.nth(1));
    EXPECT_EQ(events[3].id, ids.nth(2));
}

/// A codec whose author forgot the id.
struct ForgetfulCodec : JsonCodec<bank::AccountEvent> {
    NewEvent encode(Event const& event, EncodeContext const& context) const {
        auto out = JsonCodec::encode(event, context);
        out.id = Uuid::v7();
        return out;
    }
};

TEST_F(SessionOnMemory, GivesEventsTheirIdsWhateverTheCodecSays) {
    Repository<Account, ForgetfulCodec> const accounts{store, {.codec = std::make_shared<ForgetfulCodec const>()}};
    auto const command = Uuid::derived({}, 78);
    Session session{store, {.command = command}};
    session.load(accounts, "carol").record(Opened{"Carol"});
    session.commit();
    EXPECT_EQ(records::of(memory, {"Account", "carol"}).at(0).id, Uuid::derived(command, 0));
}

TEST_F(SessionOnMemory, SendsTheSameEventsAgainWhileTheOutcomeIsUnknown) {
    store.lose_reply();
    Session session{store, {}, {.retry = {.first_delay = std::chrono::microseconds{0}}}};
    session.load<Account>("alice").record(Deposited{1});
    auto const committed = session.commit();
    EXPECT_FALSE(committed.replayed) << "it is this call's own";
    EXPECT_EQ(committed.written.at(0).version, Version{3});
    EXPECT_EQ(store.calls(EventStoreCall::append), 2U);
    EXPECT_EQ(records::of(memory, {"Account", "alice"}).size(), 3U);
}

TEST_F(SessionOnMemory, CanCommitAgainWhenTheOutcomeIsStillUnknown) {
    store.lose_reply({.count = 2});
    Session session{store, {}, {.retry = {.attempts = 2, .first_delay = std::chrono::microseconds{0}}}};
    session.load<Account>("alice").record(Deposited{1});
    EXPECT_THROW(session.commit(), OutcomeUnknown);
    EXPECT_EQ(session.commit().written.at(0).version, Version{3});
    EXPECT_EQ(records::of(memory, {"Account", "alice"}).size(), 3U);
}

TEST_F(SessionOnMemory, StoresNothingMoreWhenCommittedTwice) {
    Session session{store};
    auto const alice = session.load<Account>("alice");
    alice.record(Deposited{1});
    auto const first = session.commit();
    EXPECT_EQ(session.commit().written, first.written);
    alice.record(Deposited{2});
    EXPECT_THROW(session.commit(), Error) << "a session commits once";
    EXPECT_EQ(records::of(memory, {"Account", "alice"}).size(), 3U);
}

/// Throws where it applies its second event.
struct Moody {
    using Event = std::variant<Closed>;
    static constexpr std::string_view aggregate_type = "Moody";
    int applied = 0;
    void apply(Closed const& /*event*/) {
        if (++applied == 2) throw std::runtime_error{"in no mood"};
    }
};

TEST_F(SessionOnMemory, RefusesToStoreWhatWasRecordedBesideARecordThatThrew) {
    Session session{store};
    auto const moody = session.load<Moody>("one");
    moody.record(Closed{});
    EXPECT_THROW(moody.record(Closed{}), std::runtime_error);
    EXPECT_THROW(session.commit(), InvalidArgument);
    EXPECT_EQ(records::all(memory).size(), 3U) << "only what the fixture stored";
}

TEST_F(SessionOnMemory, LoadsAgainAfterALoadFailed) {
    store.fail(EventStoreCall::read, Unavailable{"down"});
    Session session{store};
    EXPECT_THROW(static_cast<void>(session.load<Account>("alice")), Unavailable);
    EXPECT_EQ(session.load<Account>("alice")->balance, 100);
}

TEST_F(SessionOnMemory, RefusesNamesThatNoStoreTakes) {
    Session session{store};
    EXPECT_THROW(static_cast<void>(session.load<Account>("")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(session.load<Account>(std::string(256, 'x'))), InvalidArgument);
}

}  // namespace
