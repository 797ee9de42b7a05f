#include "support/account.hpp"
#include "support/patience.hpp"
#include "support/records.hpp"
#include "support/thrown.hpp"

#include <event_sourcing/execute.hpp>
#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/repository.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>
#include <event_sourcing/testing/gated_event_store.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace event_sourcing;
using namespace std::chrono_literals;
using bank::Account;
using bank::Deposited;
using bank::Opened;
using bank::Withdrawn;
using event_sourcing::testing::EventStoreCall;
using event_sourcing::testing::FaultyEventStore;
using event_sourcing::testing::GatedEventStore;

constexpr AggregateRef alice{"Account", "alice"};
constexpr AggregateRef bob{"Account", "bob"};

NewEvent deposit(std::int64_t amount) {
    return JsonCodec<bank::AccountEvent>{}.encode(Deposited{amount}, {alice, Uuid::v7()});
}

/// A store around another that calls something before each append: another writer, say.
class Interrupted final : public EventStore {
public:
    explicit Interrupted(EventStore& inner) : inner_{&inner} {}

    std::function<void(AppendRequest const&)> before_append = [](AppendRequest const&) {};

    AppendResult append(AppendRequest const& request) override {
        before_append(request);
        return inner_->append(request);
    }
    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override {
        return inner_->read(aggregate, options, visit);
    }
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override {
        return inner_->read_all(options, visit);
    }
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override { return inner_->find(ids, visit); }

private:
    EventStore* inner_;
};

struct Execute : ::testing::Test {
    InMemoryEventStore memory;
    FaultyEventStore store{memory};
    Interrupted interrupted{store};
    Patience patience;
    CommandContext const once{.command = Uuid::derived({}, 1), .request = "deposit 5"};

    void others_deposit(std::int64_t amount) { append(memory, alice, ExpectedVersion::any(), {deposit(amount)}); }

    Committed deposit_5(CommandContext const& context = {}, RetryPolicy const& policy = {}) {
        return execute(
            interrupted,
            [this](Session& session) {
                ++decisions;
                auto const account = session.load<Account>("alice");
                seen.push_back(account->balance);
                account.record(Deposited{5});
            },
            context, patience.options(policy));
    }

    [[nodiscard]] std::size_t stored() const { return records::all(memory).size(); }

    int decisions = 0;
    std::vector<std::int64_t> seen;
};

// ---- conflicts

TEST_F(Execute, DecidesAgainOnTheFreshStateWhenAnotherWriterWins) {
    int others = 0;
    interrupted.before_append = [&](AppendRequest const&) {
        if (++others <= 2) {
            others_deposit(100);
        }
    };
    auto const committed = deposit_5();
    EXPECT_EQ(seen, (std::vector<std::int64_t>{0, 100, 200}));
    EXPECT_EQ(committed.written.at(0).version, Version{3});
    EXPECT_FALSE(committed.replayed);
    EXPECT_EQ(patience.pauses->size(), 2U);
}

TEST_F(Execute, GivesUpAConflictAfterTheLastAttempt) {
    interrupted.before_append = [&](AppendRequest const&) { others_deposit(100); };
    EXPECT_THROW(deposit_5({}, {.attempts = 4}), VersionConflict);
    EXPECT_EQ(decisions, 4);
    EXPECT_EQ(stored(), 4U) << "the others' events only";
}

TEST_F(Execute, GivesUpAConflictAtTheTimeLimit) {
    interrupted.before_append = [&](AppendRequest const&) {
        others_deposit(100);
        patience.clock.advance(4ms);
    };
    EXPECT_THROW(deposit_5({}, {.attempts = 1000, .time_limit = 10ms}), VersionConflict);
    EXPECT_EQ(decisions, 3) << "at 0, 4 and 8 ms; not at 12";
}

TEST_F(Execute, DecidesOnceWhereOnlyOneAttemptIsAllowed) {
    interrupted.before_append = [&](AppendRequest const&) { others_deposit(100); };
    EXPECT_THROW(deposit_5({}, {.attempts = 1}), VersionConflict);
    EXPECT_EQ(decisions, 1);
    EXPECT_TRUE(patience.pauses->empty());
}

TEST_F(Execute, DecidesAgainWhenWhatItOnlyReadHasChanged) {
    bool first = true;
    interrupted.before_append = [&](AppendRequest const&) {
        if (std::exchange(first, false)) {
            others_deposit(30);
        }
    };
    int tries = 0;
    auto const committed = execute(
        interrupted,
        [&](Session& session) {
            ++tries;
            auto const limit = session.load<Account>("alice")->balance;
            session.load<Account>("bob").record(Deposited{limit});
        },
        {}, patience.options());
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(records::texts(memory, bob), (std::vector<std::string>{R"(MoneyDeposited {"amount":30})"}));
    EXPECT_EQ(committed.written.size(), 1U);
}

TEST_F(Execute, LogsEachTryThatHadToBeRepeated) {
    std::vector<std::string> lines;
    auto options = patience.options({.attempts = 3});
    options.log = [&](LogLevel, std::string_view line) { lines.emplace_back(line); };
    interrupted.before_append = [&](AppendRequest const&) { others_deposit(100); };
    EXPECT_THROW(
        execute(
            interrupted, [](Session& session) { session.load<Account>("alice").record(Deposited{1}); }, {}, options),
        VersionConflict);
    ASSERT_EQ(lines.size(), 2U);
    expect_words(lines[0], "Account/alice", "decided again");
}

// ---- outcomes that are not known

/// The ids and texts of every append that a store was sent.
std::vector<std::string> sent(AppendRequest const& request) {
    std::vector<std::string> out;
    for (auto const& entry : request.entries) {
        for (auto const& event : entry.events) {
            out.push_back(to_string(event.id) + event.event_type + event.data + event.metadata);
        }
    }
    return out;
}

TEST_F(Execute, SendsTheVerySameEventsAgainAfterALostReplyAndNeverDecidesAgain) {
    std::vector<std::vector<std::string>> requests;
    interrupted.before_append = [&](AppendRequest const& request) { requests.push_back(sent(request)); };
    store.lose_reply({.count = 3});
    auto const committed = deposit_5();
    EXPECT_EQ(decisions, 1);
    ASSERT_EQ(requests.size(), 4U);
    EXPECT_EQ(requests[1], requests[0]);
    EXPECT_EQ(requests[3], requests[0]);
    EXPECT_EQ(stored(), 1U);
    EXPECT_FALSE(committed.replayed);
    EXPECT_EQ(committed.written.at(0).version, Version{1});
}

TEST_F(Execute, SendsTheVerySameEventsAgainAfterALostRequest) {
    store.lose_request({.count = 2});
    deposit_5();
    EXPECT_EQ(decisions, 1);
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Execute, SurfacesOutcomeUnknownAfterTheLastAttemptWithoutDecidingAgain) {
    store.lose_reply({.count = 100});
    expect_words(message_of<OutcomeUnknown>([&] { return deposit_5({}, {.attempts = 3}); }), "3 tries",
                 "same events again");
    EXPECT_EQ(decisions, 1);
    EXPECT_EQ(store.calls(EventStoreCall::append), 3U);
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Execute, SurfacesOutcomeUnknownAtTheTimeLimit) {
    interrupted.before_append = [&](AppendRequest const&) { patience.clock.advance(4ms); };
    store.lose_reply({.count = 100});
    EXPECT_THROW(deposit_5({}, {.attempts = 100, .time_limit = 10ms}), OutcomeUnknown);
    EXPECT_EQ(store.calls(EventStoreCall::append), 3U);
}

TEST_F(Execute, KeepsAnOutcomeUnknownWhenTheStoreIsUnavailableAfterwards) {
    store.lose_reply();
    store.fail(EventStoreCall::append, Unavailable{"the server is down"}, {.first = 2, .count = 100});
    expect_words(message_of<OutcomeUnknown>([&] { return deposit_5({}, {.attempts = 3}); }), "the server is down");
    EXPECT_EQ(decisions, 1);
}

TEST_F(Execute, KeepsAnOutcomeUnknownWhenARetryIsRefused) {
    store.lose_reply();
    store.fail(EventStoreCall::append, PermissionDenied{"the role has changed"}, {.first = 2});
    expect_words(message_of<OutcomeUnknown>([&] { return deposit_5(); }), "the role has changed");
    EXPECT_EQ(decisions, 1);
    EXPECT_EQ(store.calls(EventStoreCall::append), 2U);
}

TEST_F(Execute, DecidesAgainWhenALostRequestWasNotStoredAndAnotherWriterWon) {
    store.lose_request();
    int appends = 0;
    interrupted.before_append = [&](AppendRequest const&) {
        if (++appends == 2) {
            others_deposit(100);
        }
    };
    deposit_5();
    EXPECT_EQ(seen, (std::vector<std::int64_t>{0, 100}));
    EXPECT_EQ(stored(), 2U);
}

// ---- other failures of the store

TEST_F(Execute, TriesAgainAfterTransientFailuresOfAReadOrAnAppend) {
    store.fail(EventStoreCall::read, Transient{"deadlock"});
    store.fail(EventStoreCall::append, Transient{"deadlock"});
    store.fail(EventStoreCall::append, Unavailable{"no connection"}, {.first = 2});
    deposit_5();
    EXPECT_EQ(stored(), 1U);
    EXPECT_EQ(patience.pauses->size(), 3U);
}

TEST_F(Execute, SurfacesATransientFailureAfterTheLastAttempt) {
    store.fail(EventStoreCall::append, Transient{"deadlock"}, {.count = 100});
    EXPECT_THROW(deposit_5({}, {.attempts = 3}), Transient);
    EXPECT_EQ(store.calls(EventStoreCall::append), 3U);
    store.fail(EventStoreCall::read, PoolTimeout{"all are busy"}, {.count = 100});
    EXPECT_THROW(deposit_5({}, {.attempts = 3}), PoolTimeout);
}

TEST_F(Execute, DoesNotTryAgainWhatCannotSucceed) {
    store.fail(EventStoreCall::append, PermissionDenied{"no"});
    EXPECT_THROW(deposit_5(), PermissionDenied);
    EXPECT_EQ(store.calls(EventStoreCall::append), 1U);
    EXPECT_EQ(decisions, 1);
}

// ---- refusals

TEST_F(Execute, PassesARefusalOnUntouchedAndStoresNothing) {
    struct Refusal {
        int code;
    };
    try {
        execute(
            store,
            [](Session& session) {
                session.load<Account>("bob").record(Deposited{30});
                session.load<Account>("alice").record(Withdrawn{30});
                throw Refusal{42};
            },
            once, patience.options());
        FAIL() << "it was not refused";
    } catch (Refusal const& refusal) {
        EXPECT_EQ(refusal.code, 42);
    }
    EXPECT_EQ(stored(), 0U);
    EXPECT_EQ(store.calls(EventStoreCall::append), 0U);
    EXPECT_TRUE(patience.pauses->empty());
}

TEST_F(Execute, PassesOnWhatThePauseThrows) {
    struct Cancelled {};
    auto options = patience.options();
    options.sources.pause = [](std::chrono::microseconds) { throw Cancelled{}; };
    store.fail(EventStoreCall::append, Transient{"deadlock"});
    EXPECT_THROW(execute(
                     store, [](Session& session) { session.load<Account>("alice").record(Deposited{5}); }, {}, options),
                 Cancelled);
}

TEST_F(Execute, MakesNoAppendWhereNothingIsRecorded) {
    auto const committed = execute(store, [](Session& session) { static_cast<void>(session.load<Account>("alice")); });
    EXPECT_EQ(committed, Committed{});
    EXPECT_EQ(store.calls(EventStoreCall::append), 0U);
    EXPECT_EQ(store.calls(EventStoreCall::find), 0U) << "a command without an id is not looked up";
}

// ---- repeated commands

TEST_F(Execute, AnswersARepeatedCommandFromTheStoreWithoutDeciding) {
    auto const first = deposit_5(once);
    EXPECT_FALSE(first.replayed);
    others_deposit(100);
    auto const again = deposit_5(once);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.written, first.written);
    EXPECT_EQ(decisions, 1);
    EXPECT_EQ(stored(), 2U);
}

TEST_F(Execute, AnswersARepeatedCommandOverSeveralAggregatesAsBefore) {
    auto const transfer = [&] {
        return execute(
            store,
            [&](Session& session) {
                ++decisions;
                auto const from = session.load<Account>("alice");
                auto const to = session.load<Account>("bob");
                static_cast<void>(session.load<Account>("carol"));
                to.record(Deposited{30});
                from.record(Withdrawn{30});
                to.record(Deposited{1});
            },
            once, patience.options());
    };
    auto const first = transfer();
    others_deposit(1);
    auto const again = transfer();
    EXPECT_EQ(again.written, first.written);
    EXPECT_EQ(again.written.at(0).aggregate_id, "bob") << "in the order of their first event";
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(decisions, 1);
}

TEST_F(Execute, FindsAllEventsOfACommandHoweverMany) {
    for (std::size_t const count : {std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9}, std::size_t{15},
                                    std::size_t{16}, std::size_t{17}, std::size_t{100}}) {
        auto const run = [&] {
            return execute(store,
                           [&](Session& session) {
                               ++decisions;
                               session.load<Account>("alice").record(std::vector(count - 1, Deposited{1}));
                               session.load<Account>("bob").record(Deposited{1});
                           },
                           {.command = Uuid::derived({}, 1000 + count)});
        };
        decisions = 0;
        auto const first = run();
        auto const again = run();
        EXPECT_EQ(again.written, first.written) << count;
        EXPECT_TRUE(again.replayed);
        EXPECT_EQ(decisions, 1);
    }
}

TEST_F(Execute, RefusesTheSameCommandIdWithAnotherRequest) {
    deposit_5(once);
    auto other = once;
    other.request = "deposit 6";
    auto const error = thrown_by<DuplicateEvent>([&] { return deposit_5(other); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->id(), Uuid::derived(*once.command, 0));
    expect_words(error->what(), "another request");
    EXPECT_EQ(decisions, 1);
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Execute, ComparesNoRequestWhereOneOfTheTwoHasNone) {
    auto without = once;
    without.request.clear();
    deposit_5(once);
    EXPECT_TRUE(deposit_5(without).replayed);

    CommandContext const second{.command = Uuid::derived({}, 2)};
    deposit_5(second);
    auto with = second;
    with.request = "deposit 5";
    EXPECT_TRUE(deposit_5(with).replayed);
}

TEST_F(Execute, DecidesACommandAgainThatStoredNothing) {
    auto const nothing = [&] {
        return execute(
            store,
            [&](Session& session) {
                ++decisions;
                static_cast<void>(session.load<Account>("alice"));
            },
            once);
    };
    EXPECT_EQ(nothing(), Committed{});
    EXPECT_EQ(nothing(), Committed{});
    EXPECT_EQ(decisions, 2);
    EXPECT_FALSE(deposit_5(once).replayed) << "it may still do something later";
}

TEST_F(Execute, AnswersTheSlowerOfTwoTwinsWithWhatTheFasterStored) {
    bool first = true;
    interrupted.before_append = [&](AppendRequest const&) {
        if (std::exchange(first, false)) {  // the twin, of the same decision
            execute(memory, [](Session& session) { session.load<Account>("alice").record(Deposited{5}); }, once);
        }
    };
    auto const committed = deposit_5(once);
    EXPECT_TRUE(committed.replayed);
    EXPECT_EQ(committed.written.at(0).version, Version{1});
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Execute, AnswersTheSlowerOfTwoTwinsAlsoWhereTheyDecidedDifferently) {
    bool first = true;
    interrupted.before_append = [&](AppendRequest const&) {
        if (std::exchange(first, false)) {
            execute(
                memory,
                [](Session& session) { session.load<Account>("bob").record(std::vector{Deposited{5}, Deposited{6}}); },
                once);
        }
    };
    auto const committed = deposit_5(once);
    EXPECT_TRUE(committed.replayed);
    EXPECT_EQ(committed.written, (std::vector<WrittenAggregate>{{"Account", "bob", Version{2}, Position{2}}}));
    EXPECT_EQ(decisions, 1);
    EXPECT_EQ(stored(), 2U);
}

TEST_F(Execute, RefusesTheSlowerOfTwoTwinsOfDifferentRequests) {
    bool first = true;
    interrupted.before_append = [&](AppendRequest const&) {
        if (std::exchange(first, false)) {
            execute(memory, [](Session& session) { session.load<Account>("alice").record(Deposited{6}); },
                    {.command = once.command, .request = "deposit 6"});
        }
    };
    EXPECT_THROW(deposit_5(once), DuplicateEvent);
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Execute, PassesOnADuplicateThatNoTwinExplains) {
    append(memory, bob, ExpectedVersion::any(), {[&] {
               auto event = deposit(1);
               event.id = Uuid::derived({}, 500);
               return event;
           }()});
    auto options = patience.options();
    options.new_id = [] { return Uuid::derived({}, 500); };
    EXPECT_THROW(execute(
                     store, [](Session& session) { session.load<Account>("alice").record(Deposited{5}); }, {}, options),
                 DuplicateEvent);
}

TEST_F(Execute, LooksUpARepeatedCommandAgainWhenTheLookUpFailed) {
    deposit_5(once);
    store.fail(EventStoreCall::find, Unavailable{"down"}, {.count = 2});
    EXPECT_TRUE(deposit_5(once).replayed);
    EXPECT_EQ(decisions, 1);
}

// ---- threads

TEST_F(Execute, LosesNothingWhenThreadsRunCommandsOnOneAggregate) {
    constexpr int threads = 4;
    constexpr int commands = 50;
    auto const options = [] {
        CommandOptions patient{.retry = {.attempts = 100'000, .time_limit = std::chrono::hours{1}}};
        patient.sources.pause = [](std::chrono::microseconds) {};
        return patient;
    }();
    {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < threads; ++worker) {
            workers.emplace_back([&] {
                for (int i = 0; i < commands; ++i) {
                    execute(
                        memory,
                        [](Session& session) {
                            auto const account = session.load<Account>("alice");
                            account.record(Deposited{account->balance + 1 - account->balance});
                        },
                        {}, options);
                }
            });
        }
    }
    EXPECT_EQ(Repository<Account>{memory}.load("alice").state.balance, threads * commands);
    EXPECT_EQ(stored(), static_cast<std::size_t>(threads * commands));
}

TEST_F(Execute, DecidesAgainAfterAWriterThatCameBetweenReadAndAppend) {
    GatedEventStore gated{memory};
    gated.before(EventStoreCall::append).close();
    Committed committed;
    std::jthread command{[&] {
        committed = execute(
            gated, [&](Session& session) { session.load<Account>("alice").record(Deposited{5}); }, {},
            patience.options());
    }};
    gated.before(EventStoreCall::append).await_held();
    others_deposit(100);
    gated.before(EventStoreCall::append).open();
    command.join();
    EXPECT_EQ(committed.written.at(0).version, Version{2});
}

}  // namespace
