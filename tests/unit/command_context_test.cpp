#include "support/account.hpp"
#include "support/records.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/repository.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace event_sourcing;

struct CommandContextOnEvents : ::testing::Test {
    InMemoryEventStore store;
    CommandContext context{.command = Uuid::derived({}, 7),
                           .correlation = Uuid::derived({}, 8),
                           .causation = Uuid::derived({}, 9),
                           .traceparent = "00-1-2-01",
                           .headers = {{"user", "ann"}},
                           .request = "POST /transfers 30"};

    void transfer() {
        execute(
            store,
            [](Session& session) {
                auto const from = session.load<bank::Account>("alice");
                auto const to = session.load<bank::Account>("bob");
                from.record(bank::Withdrawn{30});
                to.record(bank::Deposited{30});
                from.record(bank::Closed{});
            },
            context);
    }
};

TEST_F(CommandContextOnEvents, StandsInTheMetadataOfEveryEventOfTheCommand) {
    transfer();
    auto const events = records::all(store);
    ASSERT_EQ(events.size(), 3U);
    for (auto const& event : events) {
        auto const metadata = parse_metadata(event.metadata);
        EXPECT_EQ(metadata.command_id, context.command);
        EXPECT_EQ(metadata.correlation_id, context.correlation);
        EXPECT_EQ(metadata.causation_id, context.causation);
        EXPECT_EQ(metadata.traceparent, context.traceparent);
        EXPECT_EQ(metadata.headers, context.headers);
    }
}

TEST_F(CommandContextOnEvents, HasTheHashOfTheRequestOnTheFirstEventOnlyAndNeverTheRequest) {
    transfer();
    std::size_t hashes = 0;
    for (auto const& event : records::all(store)) {
        EXPECT_EQ(event.metadata.find("transfers"), std::string::npos);
        if (!parse_metadata(event.metadata).request_hash.empty()) {
            ++hashes;
            EXPECT_EQ(event.id, Uuid::derived(*context.command, 0));
        }
    }
    EXPECT_EQ(hashes, 1U);
}

TEST_F(CommandContextOnEvents, HasNoHashWithoutACommandIdOrWithoutARequest) {
    context.command.reset();
    transfer();
    context.command = Uuid::derived({}, 10);
    context.request.clear();
    transfer();
    for (auto const& event : records::all(store)) {
        EXPECT_TRUE(parse_metadata(event.metadata).request_hash.empty()) << event.metadata;
    }
}

TEST_F(CommandContextOnEvents, LeavesTheMetadataEmptyWhereItIsEmpty) {
    Repository<bank::Account>{store}.execute("alice", [](bank::Account const&) { return bank::Opened{"Alice"}; });
    EXPECT_EQ(records::all(store).at(0).metadata, "");
}

TEST_F(CommandContextOnEvents, FollowsAConversationFromEventToCommandToEvent) {
    Repository<bank::Account> const accounts{store};
    accounts.execute("alice", [](bank::Account const&) { return bank::Opened{"Alice"}; });
    auto const cause = records::all(store).at(0);
    auto next = context_of(cause);
    next.command = Uuid::derived(cause.id, 0);
    accounts.execute("bob", [](bank::Account const&) { return bank::Opened{"Bob"}; }, next);

    auto const metadata = parse_metadata(records::of(store, {"Account", "bob"}).at(0).metadata);
    EXPECT_EQ(metadata.causation_id, cause.id);
    EXPECT_EQ(metadata.correlation_id, cause.id);
    auto const third = context_of(records::of(store, {"Account", "bob"}).at(0));
    EXPECT_EQ(third.correlation, cause.id) << "the first cause stays";
    EXPECT_NE(third.causation, cause.id);
}

TEST_F(CommandContextOnEvents, IsRefusedBeforeAnythingIsStoredWhereItCannotBeWritten) {
    context.headers["user"] = "\xFF";
    EXPECT_THROW(transfer(), InvalidArgument);
    EXPECT_TRUE(records::all(store).empty());
    context.headers["user"] = std::string(17 * 1024, 'x');
    EXPECT_THROW(transfer(), PayloadTooLarge);
    EXPECT_TRUE(records::all(store).empty());
}

}  // namespace
