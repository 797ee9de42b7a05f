#include "support/account.hpp"

#include <event_sourcing/command_handler.hpp>
#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/query_handler.hpp>
#include <event_sourcing/repository.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace {

using namespace event_sourcing;

struct Deposit {
    std::string account;
    std::int64_t amount;
};
struct GetBalance {
    std::string account;
};

struct DepositHandler {
    Repository<bank::Account> const& accounts;

    Version handle(Deposit const& command, CommandContext const& context) {
        return accounts
            .execute(
                command.account, [&](bank::Account const&) { return bank::Deposited{command.amount}; }, context)
            .version;
    }
};

struct BalanceHandler {
    Repository<bank::Account> const& accounts;

    std::int64_t handle(GetBalance const& query) const { return accounts.load(query.account).state.balance; }
};

struct ReturnsNothing {
    void handle(Deposit const& /*command*/, CommandContext const& /*context*/) {}
    void handle(GetBalance const& /*query*/) const {}
};
struct ChangesItself {
    int handle(GetBalance const& /*query*/) { return 0; }
};

static_assert(CommandHandler<DepositHandler, Deposit>);
static_assert(CommandHandler<ReturnsNothing, Deposit>, "a command need not have a result");
static_assert(!CommandHandler<DepositHandler, GetBalance>);
static_assert(!CommandHandler<BalanceHandler, Deposit>);
static_assert(std::is_same_v<CommandResult<DepositHandler, Deposit>, Version>);
static_assert(std::is_void_v<CommandResult<ReturnsNothing, Deposit>>);
static_assert(QueryHandler<BalanceHandler, GetBalance>);
static_assert(!QueryHandler<ReturnsNothing, GetBalance>, "a query has an answer");
static_assert(!QueryHandler<ChangesItself, GetBalance>, "a query changes nothing");
static_assert(std::is_same_v<QueryResult<BalanceHandler, GetBalance>, std::int64_t>);

/// What the concepts are for: a decorator around any handler.
template <class Handler>
struct Counted {
    Handler inner;
    int calls = 0;

    template <class Command>
        requires CommandHandler<Handler, Command>
    CommandResult<Handler, Command> handle(Command const& command, CommandContext const& context) {
        ++calls;
        return inner.handle(command, context);
    }
};

TEST(Handlers, CanBeDecorated) {
    InMemoryEventStore store;
    Repository<bank::Account> const accounts{store};
    Counted<DepositHandler> handler{{accounts}};
    EXPECT_EQ(handler.handle(Deposit{"alice", 5}, {}), Version{1});
    EXPECT_EQ(handler.handle(Deposit{"alice", 6}, {}), Version{2});
    EXPECT_EQ(handler.calls, 2);
    EXPECT_EQ(BalanceHandler{accounts}.handle({"alice"}), 11);
}

}  // namespace
