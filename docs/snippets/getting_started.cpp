#include "account.hpp"

#include <event_sourcing/inmemory/event_store.hpp>

#include <iostream>

namespace es = event_sourcing;

int main() {
    // [commands]
    es::InMemoryEventStore store;
    es::Repository<Account> const accounts{store};

    accounts.execute("alice", [](Account const& account) { return open(account, "Alice"); });
    accounts.execute("alice", [](Account const& account) { return deposit(account, 10'000); });
    auto const after = accounts.execute("alice", [](Account const& account) { return withdraw(account, 2'500); });

    std::cout << "version " << after.version.value << ", balance " << after.state.balance << "\n";
    // [commands]

    // [refusal]
    try {
        accounts.execute("alice", [](Account const& account) { return withdraw(account, 1'000'000); });
    } catch (Refusal const& refusal) {
        std::cout << "refused: " << refusal.what() << "\n";
    }
    // [refusal]

    // [load]
    auto const now = accounts.load("alice");
    auto const before = accounts.load("alice", es::Version{2});
    auto const nobody = accounts.load("zoe");

    std::cout << "now " << now.state.balance << ", at version 2 " << before.state.balance << "\n";
    std::cout << "zoe is at version " << nobody.version.value << "\n";
    // [load]

    // [history]
    auto const print = [](Account::Event const& event, es::RecordedEventView const& record) {
        std::cout << record.version.value << " " << record.event_type;
        if (auto const* deposited = std::get_if<Deposited>(&event)) {
            std::cout << " +" << deposited->amount;
        }
        std::cout << "\n";
    };
    accounts.history("alice", {}, print);
    // [history]

    // [transfer]
    accounts.execute("bob", [](Account const& account) { return open(account, "Bob"); });

    auto const transfer = es::execute(store, [](es::Session& session) {
        auto const from = session.load<Account>("alice");
        auto const to = session.load<Account>("bob");
        from.record(withdraw(*from, 500));
        to.record(deposit(*to, 500));
    });
    for (auto const& account : transfer.written) {
        std::cout << account.aggregate_id << " is at version " << account.version.value << "\n";
    }
    // [transfer]
}
