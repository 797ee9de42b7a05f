#include "account.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/testing/faulty_event_store.hpp>

#include <iostream>

namespace es = event_sourcing;

namespace {

// [answer]
struct Answer {
    int status;
    std::string text;
};

Answer withdraw_money(es::Repository<Account> const& accounts, std::string_view id, std::int64_t amount,
                      es::CommandContext const& context) {
    try {
        auto const done = accounts.execute(id, [amount](Account const& a) { return withdraw(a, amount); }, context);
        return {200, std::to_string(done.state.balance)};
    } catch (Refusal const& refusal) {  // your own type: the domain said no, and nothing was stored
        return {409, refusal.what()};
    } catch (es::OutcomeUnknown const&) {  // may be stored: the client sends the same command id again
        return {503, "not known yet, ask again"};
    } catch (es::Error const& error) {  // everything else of the library
        return {error.retryable() ? 503 : 500, "not stored"};
    }
}
// [answer]

}  // namespace

int main() {
    es::InMemoryEventStore memory;
    es::testing::FaultyEventStore store{memory};
    es::Repository<Account> const accounts{store, {.command = {.retry = {.attempts = 1}}}};
    accounts.execute("alice", [](Account const& account) { return open(account, "Alice"); });
    accounts.execute("alice", [](Account const& account) { return deposit(account, 100); });

    es::CommandContext const context{.command = es::Uuid::parse("0190a3c4-7b1e-7c52-8f0e-6f2b6a1d9e02")};
    auto const print = [](Answer const& answer) { std::cout << answer.status << " " << answer.text << "\n"; };

    print(withdraw_money(accounts, "alice", 500, {}));
    store.fail(es::testing::EventStoreCall::read, es::Unavailable{"the server is away"});
    print(withdraw_money(accounts, "alice", 30, {}));
    store.fail(es::testing::EventStoreCall::read, es::Corrupted{"version 2 is missing"});
    print(withdraw_money(accounts, "alice", 30, {}));
    store.lose_reply();
    print(withdraw_money(accounts, "alice", 30, context));
    print(withdraw_money(accounts, "alice", 30, context));  // the client asks again: done once
}
