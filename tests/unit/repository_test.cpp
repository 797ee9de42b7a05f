#include "allocation_counter.hpp"
#include "support/account.hpp"
#include "support/patience.hpp"
#include "support/records.hpp"
#include "support/thrown.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/repository.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

namespace {

using namespace event_sourcing;
using bank::Account;
using bank::Closed;
using bank::Deposited;
using bank::Opened;
using bank::Withdrawn;
using event_sourcing::testing::EventStoreCall;
using event_sourcing::testing::FaultyEventStore;

struct RepositoryOnMemory : ::testing::Test {
    InMemoryEventStore memory;
    FaultyEventStore store{memory};
    Patience patience;
    Repository<Account> accounts{store, {.command = patience.options()}};
    CommandContext const once{.command = Uuid::derived({}, 1), .request = "withdraw 30"};
    int decisions = 0;

    void SetUp() override {
        accounts.execute(
            "alice", [](Account const&) { return std::vector<bank::AccountEvent>{Opened{"Alice"}, Deposited{100}}; });
    }

    Executed<Account> withdraw_30(std::string_view id = "alice", CommandContext const& context = {}) {
        return accounts.execute(
            id,
            [this](Account const& account) {
                ++decisions;
                if (account.balance < 30) {
                    throw bank::InsufficientFunds{};
                }
                return Withdrawn{30};
            },
            context);
    }
};

// ---- loading

TEST_F(RepositoryOnMemory, LoadsAnAggregateWithItsVersionAndPosition) {
    auto const alice = accounts.load("alice");
    EXPECT_EQ(alice.state, (Account{.owner = "Alice", .balance = 100, .open = true}));
    EXPECT_EQ(alice.version, Version{2});
    EXPECT_EQ(alice.position, Position{2});
    EXPECT_FALSE(alice.replayed);
}

TEST_F(RepositoryOnMemory, LoadsWhatDoesNotExistAsADefaultStateOfVersionZero) {
    auto const nobody = accounts.load("nobody");
    EXPECT_EQ(nobody.state, Account{});
    EXPECT_EQ(nobody.version, Version{0});
    EXPECT_EQ(nobody.position, Position{0});
}

TEST_F(RepositoryOnMemory, LoadsAnAggregateAsItWasAtAVersion) {
    withdraw_30();
    EXPECT_EQ(accounts.load("alice", Version{0}).state, Account{});
    EXPECT_EQ(accounts.load("alice", Version{1}).state.balance, 0);
    EXPECT_EQ(accounts.load("alice", Version{1}).version, Version{1});
    EXPECT_EQ(accounts.load("alice", Version{2}).state.balance, 100);
    EXPECT_EQ(accounts.load("alice", Version{2}).position, Position{2});
    EXPECT_EQ(accounts.load("alice", Version{3}).state.balance, 70);
    EXPECT_EQ(accounts.load("alice", Version{4}).version, Version{3}) << "as it is, where that is not reached yet";
    EXPECT_EQ(accounts.load("alice", Version{-1}).version, Version{0});
    EXPECT_EQ(accounts.load("alice", Version{std::numeric_limits<std::int64_t>::min()}).version, Version{0});
}

TEST_F(RepositoryOnMemory, ShowsAHistoryAsDecodedEvents) {
    withdraw_30();
    std::vector<std::string> seen;
    auto const note = [&](bank::AccountEvent const& event, RecordedEventView const& record) {
        seen.push_back(std::to_string(record.version.value) + ":" + std::to_string(event.index()));
    };
    EXPECT_EQ(accounts.history("alice", {}, note), Version{3});
    EXPECT_EQ(seen, (std::vector<std::string>{"1:0", "2:1", "3:2"}));
    seen.clear();
    accounts.history("alice", {.after = Version{1}, .limit = 1}, note);
    accounts.history("alice", {.direction = Direction::backward}, note);
    EXPECT_EQ(seen, (std::vector<std::string>{"2:1", "3:2", "2:1", "1:0"}));
    EXPECT_EQ(accounts.history("nobody", {}, note), Version{0});
}

TEST_F(RepositoryOnMemory, StopsAHistoryWhereTheVisitorSaysSo) {
    int visits = 0;
    EXPECT_EQ(accounts.history("alice", {},
                               [&](bank::AccountEvent const&, RecordedEventView const&) { return ++visits < 1; }),
              Version{2});
    EXPECT_EQ(visits, 1);
}

TEST_F(RepositoryOnMemory, RefusesAnUnknownTypeWithTypeAndPosition) {
    append(memory, {"Account", "alice"}, ExpectedVersion::any(),
           {NewEvent{.event_type = "Unheard", .schema_version = 3}});
    expect_words(message_of<CodecError>([&] { return accounts.load("alice"); }), "Unheard v3", "Account/alice",
                 "version 3", "position 3");
    EXPECT_EQ(accounts.load("alice", Version{2}).state.balance, 100) << "what comes before it can be read";
}

TEST_F(RepositoryOnMemory, RefusesDataThatCannotBeReadWithTypeAndPosition) {
    append(memory, {"Account", "alice"}, ExpectedVersion::any(),
           {NewEvent{.event_type = "MoneyDeposited", .data = R"({"amount":"x"})"}});
    expect_words(message_of<CodecError>([&] { return accounts.load("alice"); }), "MoneyDeposited", "position 3",
                 "/amount");
    EXPECT_THROW(withdraw_30(), CodecError);
    EXPECT_EQ(decisions, 0) << "and it is not tried again";
}

/// A store that leaves one version out of every read.
class Gappy final : public EventStore {
public:
    Gappy(EventStore& inner, Version missing) : inner_{&inner}, missing_{missing} {}
    AppendResult append(AppendRequest const& request) override { return inner_->append(request); }
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        return inner_->read(aggregate, options,
                            [&](RecordedEventView const& event) { return event.version == missing_ || visit(event); });
    }
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return inner_->read_all(options, visit);
    }
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override { return inner_->find(ids, visit); }

private:
    EventStore* inner_;
    Version missing_;
};

TEST_F(RepositoryOnMemory, RefusesAHistoryWithAGap) {
    withdraw_30();
    for (std::int64_t const missing : {1, 2}) {
        Gappy gappy{memory, Version{missing}};
        Repository<Account> const broken{gappy};
        expect_words(message_of<Corrupted>([&] { return broken.load("alice"); }), "Account/alice", "gap",
                     "follows version " + std::to_string(missing - 1), "version " + std::to_string(missing + 1));
        EXPECT_THROW(broken.history("alice", {}, [](auto const&, auto const&) {}), Corrupted);
    }
}

struct Brittle {
    using Event = std::variant<Deposited, Closed>;
    static constexpr std::string_view aggregate_type = "Brittle";
    std::int64_t balance = 0;
    void apply(Deposited const& event) {
        if (event.amount < 0) {
            throw std::out_of_range{"below zero"};
        }
        balance += event.amount;
    }
    void apply(Closed const& /*event*/) { throw std::bad_alloc{}; }
};

TEST_F(RepositoryOnMemory, SaysWhichEventApplyThrewAtAndNestsWhatItThrew) {
    auto const id = Uuid::derived({}, 9);
    append(memory, {"Brittle", "x"}, ExpectedVersion::any(),
           {NewEvent{.event_type = "MoneyDeposited", .data = R"({"amount":1})"},
            NewEvent{.id = id, .event_type = "MoneyDeposited", .data = R"({"amount":-1})"}});
    Repository<Brittle> const brittle{memory};
    try {
        static_cast<void>(brittle.load("x"));
        FAIL() << "threw nothing";
    } catch (Corrupted const& error) {
        expect_words(error.what(), to_string(id), "MoneyDeposited", "Brittle/x version 2", "apply");
        EXPECT_FALSE(error.retryable());
        EXPECT_THROW(std::rethrow_if_nested(error), std::out_of_range);
    }
    EXPECT_EQ(brittle.load("x", Version{1}).state.balance, 1);
}

TEST_F(RepositoryOnMemory, DoesNotTakeALackOfMemoryForCorruption) {
    append(memory, {"Brittle", "y"}, ExpectedVersion::any(), {NewEvent{.event_type = "AccountClosed"}});
    EXPECT_THROW(static_cast<void>(Repository<Brittle>{memory}.load("y")), std::bad_alloc);
}

TEST_F(RepositoryOnMemory, PassesOnWhatApplyThrowsAtANewEvent) {
    EXPECT_THROW(Repository<Brittle>{memory}.execute("z", [](Brittle const&) { return Deposited{-1}; }),
                 std::out_of_range);
    EXPECT_TRUE(records::of(memory, {"Brittle", "z"}).empty());
}

// ---- commands

TEST_F(RepositoryOnMemory, ExecutesACommandAndGivesTheStateItLedTo) {
    auto const done = withdraw_30();
    EXPECT_EQ(done.state.balance, 70);
    EXPECT_EQ(done.version, Version{3});
    EXPECT_EQ(done.position, Position{3});
    EXPECT_FALSE(done.replayed);
    EXPECT_EQ(accounts.load("alice").state, done.state);
}

TEST_F(RepositoryOnMemory, TakesNoEventsForNothingToDo) {
    auto const none = accounts.execute("alice", [](Account const&) { return std::optional<Deposited>{}; });
    EXPECT_EQ(none.state.balance, 100);
    EXPECT_EQ(none.version, Version{2});
    EXPECT_EQ(none.position, Position{2}) << "of the last event that was read";
    EXPECT_EQ(accounts.execute("nobody", [](Account const&) { return std::vector<bank::AccountEvent>{}; }).version,
              Version{0});
    EXPECT_EQ(store.calls(EventStoreCall::append), 1U) << "that of SetUp";
}

TEST_F(RepositoryOnMemory, PassesRefusalsOnUntouched) {
    EXPECT_THROW(withdraw_30("nobody"), bank::InsufficientFunds);
    EXPECT_EQ(records::all(memory).size(), 2U);
    EXPECT_EQ(decisions, 1);
}

TEST_F(RepositoryOnMemory, AnswersARepeatedCommandWithTheStateItLedToThen) {
    auto const first = withdraw_30("alice", once);
    accounts.execute("alice", [](Account const&) { return Closed{}; });
    auto const again = withdraw_30("alice", once);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.state, first.state) << "still open, as it was then";
    EXPECT_EQ(again.version, first.version);
    EXPECT_EQ(again.position, first.position);
    EXPECT_EQ(decisions, 1);
}

TEST_F(RepositoryOnMemory, RefusesACommandIdThatWasUsedOnAnotherAggregate) {
    withdraw_30("alice", once);
    expect_words(message_of<DuplicateEvent>([&] { return withdraw_30("bob", once); }), "another aggregate",
                 to_string(Uuid::derived(*once.command, 0)));
    EXPECT_EQ(decisions, 1);
    EXPECT_TRUE(records::of(memory, {"Account", "bob"}).empty());
}

TEST_F(RepositoryOnMemory, RefusesACommandIdThatWasUsedForAnotherRequest) {
    withdraw_30("alice", once);
    EXPECT_THROW(withdraw_30("alice", {.command = once.command, .request = "withdraw 31"}), DuplicateEvent);
}

TEST_F(RepositoryOnMemory, AnswersForItsOwnAggregateWhereTheCommandWroteSeveral) {
    execute(
        store,
        [](Session& session) {
            session.load<Account>("alice").record(Withdrawn{30});
            session.load<Account>("bob").record(Deposited{30});
        },
        once);
    auto const alice = withdraw_30("alice", once);
    EXPECT_TRUE(alice.replayed);
    EXPECT_EQ(alice.version, Version{3});
    EXPECT_EQ(alice.position, Position{3}) << "not that of the other aggregate's event";
    EXPECT_EQ(alice.state.balance, 70);
}

TEST_F(RepositoryOnMemory, IsSharedBetweenThreads) {
    auto options = patience.options({.attempts = 100'000, .time_limit = std::chrono::hours{1}});
    options.sources.pause = [](std::chrono::microseconds) {};
    Repository<Account> const shared{memory, {.command = options}};
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < 4; ++worker) {
            workers.emplace_back([&] {
                for (int i = 0; i < 25; ++i) {
                    shared.execute("alice", [](Account const&) { return Deposited{1}; });
                    static_cast<void>(shared.load("alice"));
                }
            });
        }
    }
    EXPECT_EQ(shared.load("alice").state.balance, 200);
}

// ---- codecs

/// Encrypts (if that is the word for it) each aggregate's data with a key of its own and a fresh nonce.
class ShreddingCodec {
public:
    using Event = bank::AccountEvent;

    [[nodiscard]] NewEvent encode(Event const& event, EncodeContext const& context) const {
        auto out = plain_.encode(event, context);
        out.fingerprint = out.data;
        out.data = to_string(Uuid::v7()) + mixed(out.data, key_of(context.aggregate.id));
        out.format = DataFormat::binary;
        return out;
    }

    [[nodiscard]] Decoded<Event> decode(RecordedEventView const& record) const {
        auto const key = keys_->find(std::string{record.aggregate_id});
        if (key == keys_->end()) {
            return Undecodable::shredded;
        }
        auto const text = mixed(record.data.substr(36), key->second);
        auto plain = record;
        plain.data = text;
        plain.format = DataFormat::json;
        return plain_.decode(plain);
    }

    void shred(std::string const& id) const { keys_->erase(id); }

private:
    [[nodiscard]] static std::string mixed(std::string_view text, unsigned char key) {
        std::string out{text};
        for (auto& c : out) {
            c = static_cast<char>(static_cast<unsigned char>(c) ^ key);
        }
        return out;
    }
    [[nodiscard]] unsigned char key_of(std::string_view id) const {
        return keys_->try_emplace(std::string{id}, std::uint8_t{0xA5}).first->second;
    }

    JsonCodec<Event> plain_;
    std::shared_ptr<std::map<std::string, unsigned char>> keys_ =
        std::make_shared<std::map<std::string, unsigned char>>();
};

struct AccountThatHears : Account {
    int shredded = 0;
    Version last{};
    using Account::apply;
    void apply(ShreddedEvent const& event) {
        ++shredded;
        last = event.record.version;
    }
};

struct RepositoryWithEncryption : RepositoryOnMemory {
    std::shared_ptr<ShreddingCodec const> codec = std::make_shared<ShreddingCodec const>();
    Repository<Account, ShreddingCodec> secret{store, {.codec = codec, .command = patience.options()}};

    Executed<Account> open_carol() {
        return secret.execute(
            "carol", [](Account const&) { return std::vector<bank::AccountEvent>{Opened{"Carol"}, Deposited{100}}; },
            once);
    }
};

TEST_F(RepositoryWithEncryption, StoresAndLoadsThroughItsOwnCodec) {
    open_carol();
    EXPECT_EQ(secret.load("carol").state, (Account{.owner = "Carol", .balance = 100, .open = true}));
    for (auto const& event : records::of(memory, {"Account", "carol"})) {
        EXPECT_EQ(event.format, DataFormat::binary);
        EXPECT_EQ(event.data.find("Carol"), std::string::npos);
    }
    execute(store, [&](Session& session) { session.load(secret, "carol").record(Withdrawn{1}); });
    EXPECT_EQ(secret.load("carol").state.balance, 99);
}

TEST_F(RepositoryWithEncryption, IsStoredOnceAlsoWhenTheReplyIsLostOrTheCommandRepeated) {
    store.lose_reply();
    EXPECT_FALSE(open_carol().replayed);
    EXPECT_TRUE(open_carol().replayed);
    EXPECT_EQ(records::of(memory, {"Account", "carol"}).size(), 2U);
}

TEST_F(RepositoryWithEncryption, MatchesATwinsEventsByFingerprintThoughTheirCiphertextDiffers) {
    Repository<Account, ShreddingCodec> const twin{memory, {.codec = codec}};
    auto const first = twin.execute("carol", [](Account const&) { return Opened{"Carol"}; }, once);
    // What a twin sends that looked for the command before the other had stored it:
    auto const event = codec->encode(Opened{"Carol"}, {{"Account", "carol"}, Uuid::derived(*once.command, 0)});
    EXPECT_NE(event.data, records::of(memory, {"Account", "carol"}).at(0).data);
    AppendEntry const entry{{"Account", "carol"}, ExpectedVersion::none(), {&event, 1}};
    EXPECT_TRUE(memory.append({.entries = {&entry, 1}}).replayed);
    EXPECT_EQ(first.version, Version{1});
}

TEST_F(RepositoryWithEncryption, ReplaysWithoutTheEventsWhoseKeyIsGone) {
    open_carol();
    codec->shred("carol");
    auto const carol = secret.load("carol");
    EXPECT_EQ(carol.state, Account{});
    EXPECT_EQ(carol.version, Version{2});
    EXPECT_EQ(carol.position, Position{4});
    EXPECT_EQ(secret.history("carol", {}, [](auto const&, auto const&) { FAIL() << "a shredded event was shown"; }),
              Version{2});
}

TEST_F(RepositoryWithEncryption, GoesOnBehindShreddedEvents) {
    open_carol();
    codec->shred("carol");
    auto const carol = secret.execute("carol", [](Account const&) { return Deposited{5}; });
    EXPECT_EQ(carol.version, Version{3});
    EXPECT_EQ(carol.state, (Account{.balance = 5}));
}

TEST_F(RepositoryWithEncryption, TellsAnAggregateThatWantsToHearOfShreddedEvents) {
    Repository<AccountThatHears, ShreddingCodec> const hearing{store, {.codec = codec}};
    open_carol();
    EXPECT_EQ(hearing.load("carol").state.shredded, 0);
    codec->shred("carol");
    EXPECT_EQ(hearing.load("carol").state.shredded, 2);
    EXPECT_EQ(hearing.load("carol").state.last, Version{2});
    EXPECT_EQ(hearing.load("carol").state.balance, 0);
}

TEST_F(RepositoryWithEncryption, WantsACodecThatIsNotTheDefaultToBeGiven) {
    EXPECT_THROW((Repository<Account, ShreddingCodec>{store}), InvalidArgument);
}

// ---- cost

struct Line {
    std::string_view text{};
};
/// Decodes into views of the record: nothing of it allocates.
struct LineCodec {
    using Event = std::variant<Line>;
    [[nodiscard]] NewEvent encode(Event const& event, EncodeContext const& context) const {
        return {.id = context.id,
                .event_type = "Line",
                .data = std::string{std::get<Line>(event).text},
                .format = DataFormat::binary};
    }
    [[nodiscard]] Decoded<Event> decode(RecordedEventView const& record) const { return Event{Line{record.data}}; }
};
struct Page {
    using Event = std::variant<Line>;
    static constexpr std::string_view aggregate_type = "Page";
    static LineCodec codec() { return {}; }
    std::size_t bytes = 0;
    void apply(Line const& line) { bytes += line.text.size(); }
};

std::size_t allocations_of_loading(std::size_t events) {
    InMemoryEventStore store;
    Repository<Page> const pages{store};
    std::string const text(100, 'x');
    pages.execute("one", [&](Page const&) { return std::vector(events, Line{text}); });
    AllocationCounter const counter;
    auto const page = pages.load("one");
    auto const allocations = counter.count();
    EXPECT_EQ(page.state.bytes, 100 * events);
    EXPECT_EQ(page.version, Version{static_cast<std::int64_t>(events)});
    return allocations;
}

TEST(RepositoryCost, AllocatesNothingPerEventBeyondTheDecoding) {
    EXPECT_EQ(allocations_of_loading(1000) - allocations_of_loading(1), 0U);
    EXPECT_EQ(allocations_of_loading(1), 0U);
}

}  // namespace
