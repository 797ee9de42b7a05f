#include "account.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/repository.hpp>
#include <event_sourcing/testing/given.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>

using event_sourcing::testing::given;

namespace {

// The rules, without a store.
void a_withdrawal_is_recorded() {
    given<Account>(Deposited{100})
        .when([](Account const& account) { return withdraw(account, 30); })
        .then(Withdrawn{30});
}

void an_overdraft_is_refused() {
    given<Account>(Deposited{100}, Withdrawn{80})
        .when([](Account const& account) { return withdraw(account, 30); })
        .then_throws<InsufficientFunds>();
}

// The way through a store and back.
void what_was_stored_is_loaded() {
    event_sourcing::InMemoryEventStore store;
    event_sourcing::Repository<Account> accounts{store};
    accounts.execute("alice", [](Account const&) { return Deposited{100}; });
    accounts.execute("alice", [](Account const& account) { return withdraw(account, 30); });
    if (auto const alice = accounts.load("alice"); alice.state.balance != 70 || alice.version.value != 2) {
        throw std::runtime_error{"alice should have 70 as of version 2"};
    }
}

void a_transfer_moves_money_or_nothing() {
    event_sourcing::InMemoryEventStore store;
    event_sourcing::Repository<Account> accounts{store};
    accounts.execute("alice", [](Account const&) { return Deposited{100}; });
    transfer(store, "alice", "bob", 60);
    bool refused = false;
    try {
        transfer(store, "alice", "bob", 60);
    } catch (InsufficientFunds const&) {
        refused = true;
    }
    if (!refused) {
        throw std::runtime_error{"alice cannot pay 60 twice"};
    }
    if (accounts.load("alice").state.balance != 40 || accounts.load("bob").state.balance != 60) {
        throw std::runtime_error{"alice should have 40, and bob 60"};
    }
}

}  // namespace

int main() try {
    a_withdrawal_is_recorded();
    an_overdraft_is_refused();
    what_was_stored_is_loaded();
    a_transfer_moves_money_or_nothing();
} catch (std::exception const& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
}
