#include "support/account.hpp"
#include "support/records.hpp"
#include "support/thrown.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/inmemory/snapshot_store.hpp>
#include <event_sourcing/json_snapshots.hpp>
#include <event_sourcing/repository.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>
#include <event_sourcing/testing/faulty_snapshot_store.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace event_sourcing;
using bank::Account;
using bank::Deposited;
using bank::Opened;
using event_sourcing::testing::EventStoreCall;
using event_sourcing::testing::FaultySnapshotStore;
using event_sourcing::testing::SnapshotStoreCall;

/// Notes from which version on each read of the inner store began, and how many events it gave.
class Watched final : public EventStore {
public:
    explicit Watched(EventStore& inner) : inner_{&inner} {}

    AppendResult append(AppendRequest const& request) override { return inner_->append(request); }
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        reads.push_back(options.after.value);
        return inner_->read(aggregate, options, visit);
    }
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return inner_->read_all(options, visit);
    }
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override { return inner_->find(ids, visit); }

    mutable std::vector<std::int64_t> reads;

private:
    EventStore* inner_;
};

struct SnapshotsOnMemory : ::testing::Test {
    InMemoryEventStore memory;
    Watched store{memory};
    InMemorySnapshotStore memory_snapshots;
    FaultySnapshotStore snapshots{memory_snapshots};
    std::vector<std::string> lines;
    SnapshotWriter writer{snapshots, {.log = [this](LogLevel, std::string_view line) { lines.emplace_back(line); }}};
    Repository<Account> accounts{store, {.snapshots = json_snapshots<Account>(writer, after_events(3))}};

    Executed<Account> deposit(std::int64_t amount = 1) {
        return accounts.execute("alice", [&](Account const&) { return Deposited{amount}; });
    }
    void deposits(int count) {
        for (int i = 0; i < count; ++i) {
            deposit();
        }
    }
    [[nodiscard]] std::optional<Snapshot> stored() const {
        return memory_snapshots.load({"Account", "alice"}, Version{1'000'000});
    }
    [[nodiscard]] std::int64_t stored_version() const {
        auto const snapshot = stored();
        return snapshot ? snapshot->version.value : 0;
    }
    /// Stores a snapshot that claims to be of the version, changed by the test.
    template <class Change>
    void store_snapshot(std::int64_t version, Change change) {
        Snapshot snapshot{.aggregate_type = "Account",
                          .aggregate_id = "alice",
                          .version = Version{version},
                          .state = R"({"owner":"from a snapshot","balance":1000,"open":true})",
                          .fingerprint = detail::state_fingerprint<Account>()};
        change(snapshot);
        memory_snapshots.save(snapshot);
    }
};

// ---- when

TEST_F(SnapshotsOnMemory, AreTakenAfterSoManyEvents) {
    deposits(2);
    EXPECT_EQ(writer.write_pending(), 0U);
    deposits(1);
    EXPECT_EQ(stored_version(), 0) << "off the command's path";
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored_version(), 3);
    deposits(2);
    EXPECT_EQ(writer.write_pending(), 0U) << "counted from the last one";
    deposits(1);
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored_version(), 6);
}

TEST_F(SnapshotsOnMemory, AreTakenWhenAPredicateSaysSo) {
    std::vector<std::int64_t> balances;
    Repository<Account> const rich{
        store, {.snapshots = json_snapshots<Account>(writer, [&](SnapshotMoment<Account> const& moment) {
                    balances.push_back(moment.state.balance);
                    return moment.state.balance > 100;
                })}};
    rich.execute("alice", [](Account const&) { return Deposited{100}; });
    EXPECT_EQ(writer.write_pending(), 0U);
    rich.execute("alice", [](Account const&) { return Deposited{1}; });
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored_version(), 2);
    EXPECT_EQ(balances, (std::vector<std::int64_t>{100, 101})) << "asked once a command, with the state after it";
}

TEST_F(SnapshotsOnMemory, AreNotTakenByCommandsThatStoreNothing) {
    store_snapshot(0, [](Snapshot&) {});
    deposits(2);
    accounts.execute("alice", [](Account const&) { return std::optional<Deposited>{}; });
    EXPECT_THROW(accounts.execute("alice", [](Account const&) -> Deposited { throw bank::InsufficientFunds{}; }),
                 bank::InsufficientFunds);
    static_cast<void>(accounts.load("alice"));
    EXPECT_EQ(snapshots.calls(SnapshotStoreCall::save), 0U);
}

TEST_F(SnapshotsOnMemory, AreTakenByASessionThroughTheRepository) {
    execute(store, [&](Session& session) { session.load(accounts, "alice").record(std::vector(3, Deposited{1})); });
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored_version(), 3);
}

// ---- what they are for

TEST_F(SnapshotsOnMemory, SpareALoadTheEventsBeforeThem) {
    deposits(4);
    writer.write_pending();
    store.reads.clear();
    auto const alice = accounts.load("alice");
    EXPECT_EQ(store.reads, (std::vector<std::int64_t>{4}));
    EXPECT_EQ(alice.state.balance, 4);
    EXPECT_EQ(alice.version, Version{4});
    EXPECT_EQ(alice.position, Position{0}) << "no event was read";
    deposits(1);
    EXPECT_EQ(accounts.load("alice").state.balance, 5);
    EXPECT_EQ(accounts.load("alice").position, Position{5});
}

TEST_F(SnapshotsOnMemory, GiveAStateThatIsUsedWhereItFits) {
    deposits(2);
    store_snapshot(2, [](Snapshot&) {});
    EXPECT_EQ(accounts.load("alice").state.balance, 1000);
    EXPECT_TRUE(lines.empty());
}

TEST_F(SnapshotsOnMemory, HoldStateVersionFingerprintAndTime) {
    auto options = json_snapshots<Account>(writer, after_events(1));
    options.clock = [] { return parse_timestamp("2026-01-31T12:00:00Z"); };
    Repository<Account>{store, {.snapshots = options}}.execute("alice", [](Account const&) { return Opened{"Alice"}; });
    writer.write_pending();
    ASSERT_TRUE(stored());
    EXPECT_EQ(*stored(), (Snapshot{.aggregate_type = "Account",
                                   .aggregate_id = "alice",
                                   .version = Version{1},
                                   .state = R"({"balance":0,"open":true,"owner":"Alice"})",
                                   .fingerprint = detail::state_fingerprint<Account>(),
                                   .timestamp = parse_timestamp("2026-01-31T12:00:00Z")}));
}

TEST_F(SnapshotsOnMemory, AreLeftAsideForAnEarlierVersion) {
    deposits(4);
    writer.write_pending();
    EXPECT_EQ(accounts.load("alice", Version{2}).state.balance, 2);
    EXPECT_EQ(accounts.load("alice", Version{2}).version, Version{2});
    EXPECT_EQ(accounts.load("alice", Version{4}).state.balance, 4);
}

TEST_F(SnapshotsOnMemory, AreNotUsedInAnswersToRepeatedCommandsThatWereBeforeThem) {
    CommandContext const once{.command = Uuid::derived({}, 1)};
    auto const command = [&] { return accounts.execute("alice", [](Account const&) { return Deposited{7}; }, once); };
    command();
    deposits(4);
    writer.write_pending();
    auto const again = command();
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.state.balance, 7);
    EXPECT_EQ(again.version, Version{1});
}

// ---- what is wrong with them is no error

struct UselessSnapshot {
    char const* name;
    std::int64_t version;
    void (*change)(Snapshot&);
};

struct UselessSnapshots : SnapshotsOnMemory, ::testing::WithParamInterface<UselessSnapshot> {};

TEST_P(UselessSnapshots, AreIgnoredLoggedAndReplaced) {
    deposits(2);
    store_snapshot(GetParam().version, GetParam().change);
    EXPECT_EQ(accounts.load("alice").state.balance, 2);
    EXPECT_EQ(accounts.load("alice").version, Version{2});
    EXPECT_FALSE(lines.empty());
    EXPECT_EQ(deposit().state.balance, 3);
    EXPECT_EQ(writer.write_pending(), 1U) << "though the policy would not have asked for one yet";
    EXPECT_EQ(stored_version(), 3);
    lines.clear();
    EXPECT_EQ(accounts.load("alice").state.balance, 3);
    EXPECT_TRUE(lines.empty()) << lines.at(0);
}

INSTANTIATE_TEST_SUITE_P(
    Snapshots, UselessSnapshots,
    ::testing::Values(
        UselessSnapshot{"OfAnotherShape", 2, [](Snapshot& s) { s.fingerprint = "v1:other"; }},
        UselessSnapshot{"OfAnotherFormat", 2, [](Snapshot& s) { s.format = DataFormat::binary; }},
        UselessSnapshot{"ThatAreNoJson", 2, [](Snapshot& s) { s.state = "{\"balance\":"; }},
        UselessSnapshot{"ThatAreEmpty", 2, [](Snapshot& s) { s.state.clear(); }},
        UselessSnapshot{"OfAnotherType", 2, [](Snapshot& s) { s.state = R"({"owner":"","balance":"1","open":true})"; }},
        UselessSnapshot{"WithAMissingMember", 2, [](Snapshot& s) { s.state = R"({"owner":"","open":true})"; }},
        UselessSnapshot{"AheadOfTheHistory", 3000, [](Snapshot&) {}},
        UselessSnapshot{"AheadAndOfAnotherShape", 3000, [](Snapshot& s) { s.fingerprint = "v1:other"; }},
        UselessSnapshot{"OfVersionZero", 0, [](Snapshot&) {}}),
    [](auto const& each) { return each.param.name; });

TEST_F(SnapshotsOnMemory, ThatCannotBeLoadedCostOnlyTime) {
    deposits(4);
    writer.write_pending();
    snapshots.fail(SnapshotStoreCall::load, Unavailable{"down"});
    EXPECT_EQ(accounts.load("alice").state.balance, 4);
    ASSERT_EQ(lines.size(), 1U);
    expect_words(lines[0], "Account/alice", "down");
    snapshots.fail(SnapshotStoreCall::load, Unavailable{"down"});
    EXPECT_EQ(deposit().version, Version{5});
}

TEST_F(SnapshotsOnMemory, ThatCannotBeLoadedAreKept) {
    deposits(4);
    writer.write_pending();
    snapshots.fail(SnapshotStoreCall::load, Unavailable{"down"});
    EXPECT_EQ(deposit().version, Version{5});
    writer.write_pending();
    EXPECT_TRUE(stored());
}

TEST_F(SnapshotsOnMemory, WhoseStoreThrowsAnythingCostOnlyTime) {
    deposits(4);
    writer.write_pending();
    snapshots.fail(SnapshotStoreCall::load, 42);
    EXPECT_EQ(accounts.load("alice").state.balance, 4);
    EXPECT_EQ(lines.size(), 1U);
}

TEST_F(SnapshotsOnMemory, ThatCannotBeSavedCostOnlyTime) {
    snapshots.fail(SnapshotStoreCall::save, Unavailable{"down"}, {.count = 100});
    deposits(5);
    EXPECT_EQ(writer.write_pending(), 0U);
    EXPECT_EQ(accounts.load("alice").state.balance, 5);
    snapshots.work_again();
    deposits(1);
    EXPECT_EQ(writer.write_pending(), 1U);
    EXPECT_EQ(stored_version(), 6);
}

TEST_F(SnapshotsOnMemory, WhosePolicyThrowsDoNotFailTheCommandNorRunItAgain) {
    int asked = 0;
    Repository<Account> const moody{
        store, {.snapshots = json_snapshots<Account>(writer, [&](SnapshotMoment<Account> const&) -> bool {
                    ++asked;
                    throw Transient{"not in the mood"};
                })}};
    EXPECT_EQ(moody.execute("alice", [](Account const&) { return Deposited{1}; }).version, Version{1});
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(records::all(memory).size(), 1U);
    ASSERT_EQ(lines.size(), 1U);
    expect_words(lines[0], "Account/alice", "not in the mood");
    Repository<Account> const odd{
        store,
        {.snapshots = json_snapshots<Account>(writer, [](SnapshotMoment<Account> const&) -> bool { throw 42; })}};
    EXPECT_EQ(odd.execute("alice", [](Account const&) { return Deposited{1}; }).version, Version{2});
}

/// A store that breaks its contract: it gives snapshots above the version asked for.
class Overreaching final : public SnapshotStore {
public:
    explicit Overreaching(SnapshotStore const& inner) : inner_{&inner} {}
    [[nodiscard]] std::optional<Snapshot> load(AggregateRef aggregate, Version /*at_most*/) const override {
        return inner_->load(aggregate, Version{1'000'000});
    }
    void save(Snapshot const& /*snapshot*/) override {}
    void erase(AggregateRef /*aggregate*/) override {}

private:
    SnapshotStore const* inner_;
};

TEST_F(SnapshotsOnMemory, AboveTheVersionAskedForAreIgnored) {
    deposits(4);
    writer.write_pending();
    Overreaching overreaching{memory_snapshots};
    SnapshotWriter other{overreaching};
    Repository<Account> const misled{store, {.snapshots = json_snapshots<Account>(other, after_events(1))}};
    EXPECT_EQ(misled.load("alice", Version{2}).state.balance, 2);
    EXPECT_EQ(misled.load("alice", Version{2}).version, Version{2});
}

TEST_F(SnapshotsOnMemory, WithoutAPartAreRefusedByTheRepository) {
    EXPECT_THROW((Repository<Account>{store, {.snapshots = json_snapshots<Account>(writer, nullptr)}}),
                 InvalidArgument);
    for (auto const remove :
         {+[](Snapshots<Account>& s) { s.encode = nullptr; }, +[](Snapshots<Account>& s) { s.decode = nullptr; },
          +[](Snapshots<Account>& s) { s.copy = nullptr; }}) {
        auto incomplete = json_snapshots<Account>(writer, after_events(1));
        remove(incomplete);
        EXPECT_THROW((Repository<Account>{store, {.snapshots = incomplete}}), InvalidArgument);
    }
}

TEST_F(SnapshotsOnMemory, AreOffWithoutAWriter) {
    Repository<Account> const plain{store, {.snapshots = Snapshots<Account>{}}};
    plain.execute("alice", [](Account const&) { return Deposited{1}; });
    EXPECT_EQ(plain.load("alice").state.balance, 1);
}

// ---- states that cannot be copied

struct Counted {
    using Event = std::variant<bank::Closed>;
    static constexpr std::string_view aggregate_type = "Counted";
    std::unique_ptr<int> count = std::make_unique<int>(0);
    void apply(bank::Closed const& /*event*/) { ++*count; }
};

TEST_F(SnapshotsOnMemory, OfStatesThatCannotBeCopiedTakeACopyOfTheUsersMaking) {
    Snapshots<Counted> const by_hand{
        .writer = &writer,
        .policy = after_events(1),
        .fingerprint = "1",
        .encode = [](Counted const& state) { return std::to_string(*state.count); },
        .decode = [](std::string_view text) { return Counted{std::make_unique<int>(std::stoi(std::string{text}))}; },
        .copy =
            [](Counted const& state) {
                return std::make_shared<Counted const>(Counted{std::make_unique<int>(*state.count)});
            }};
    Repository<Counted> const repository{store, {.snapshots = by_hand}};
    repository.execute("one", [](Counted const&) { return std::vector(5, bank::Closed{}); });
    EXPECT_EQ(writer.write_pending(), 1U);
    store.reads.clear();
    EXPECT_EQ(*repository.load("one").state.count, 5);
    EXPECT_EQ(store.reads, (std::vector<std::int64_t>{5}));
}

// ---- fingerprints

template <int variation>
struct Shape {
    static constexpr int snapshot_version = variation == 5 ? 2 : 1;
};
template <int variation>
void to_json(nlohmann::json& json, Shape<variation> const& /*state*/) {
    switch (variation) {
        case 1: json = {{"a", 1}, {"renamed", "x"}}; break;
        case 2: json = {{"a", "1"}, {"b", "x"}}; break;
        case 3: json = {{"a", 1}, {"b", "x"}, {"c", nullptr}}; break;
        case 4: json = {{"a", 1}, {"b", {{"x", "x"}}}}; break;
        case 6: json = {{"a", -7.5}, {"b", "another text"}}; break;
        case 7: json = {{"a", true}, {"b", "x"}}; break;
        default: json = {{"a", 1}, {"b", "x"}}; break;
    }
}

TEST(SnapshotFingerprint, ChangesWithKeysTypesAndTheSnapshotVersion) {
    auto const base = detail::state_fingerprint<Shape<0>>();
    EXPECT_NE(detail::state_fingerprint<Shape<1>>(), base) << "a key renamed";
    EXPECT_NE(detail::state_fingerprint<Shape<2>>(), base) << "a number became a text";
    EXPECT_NE(detail::state_fingerprint<Shape<3>>(), base) << "a member more";
    EXPECT_NE(detail::state_fingerprint<Shape<4>>(), base) << "a text became an object";
    EXPECT_NE(detail::state_fingerprint<Shape<5>>(), base) << "snapshot_version raised";
    EXPECT_NE(detail::state_fingerprint<Shape<7>>(), base) << "a number became a boolean";
}

TEST(SnapshotFingerprint, StaysWhereOnlyValuesChange) {
    EXPECT_EQ(detail::state_fingerprint<Shape<6>>(), detail::state_fingerprint<Shape<0>>());
    EXPECT_EQ(detail::state_fingerprint<Account>(), detail::state_fingerprint<Account>());
}

TEST(SnapshotFingerprint, IsTheSameInEveryProcess) {
    EXPECT_EQ(detail::state_fingerprint<Shape<0>>(), "v1:87516d43-6623-5c95-8320-7dfc12f487cf");
}

}  // namespace
