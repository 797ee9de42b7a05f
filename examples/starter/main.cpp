#include "account.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/repository.hpp>

#include <iostream>

int main() {
    event_sourcing::InMemoryEventStore store;
    event_sourcing::Repository<Account> accounts{store};

    accounts.execute("alice", [](Account const&) { return Deposited{100}; });
    accounts.execute("alice", [](Account const& account) { return withdraw(account, 30); });
    try {
        accounts.execute("alice", [](Account const& account) { return withdraw(account, 500); });
    } catch (InsufficientFunds const& refusal) {
        std::cout << "refused: " << refusal.what() << '\n';  // and nothing was stored
    }

    // Both accounts, or neither; decided again if somebody else was faster.
    event_sourcing::execute(store, [&](event_sourcing::Session& session) {
        auto const from = session.load(accounts, "alice");
        auto const to = session.load(accounts, "bob");
        from.record(withdraw(*from, 25));
        to.record(Deposited{25});
    });

    for (auto const* id : {"alice", "bob"}) {
        auto const account = accounts.load(id);
        std::cout << id << ": " << account.state.balance << " as of version " << account.version.value << '\n';
    }
}
