#include "account.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/inmemory/snapshot_store.hpp>

#include <iostream>
#include <stop_token>
#include <thread>
#include <vector>

namespace es = event_sourcing;

// [program]
class Bank {
public:
    es::Repository<Account> const& accounts() const { return accounts_; }

private:
    es::InMemoryEventStore store_;  // first what others refer to,
    es::InMemorySnapshotStore snapshot_store_;
    es::SnapshotWriter writer_{snapshot_store_};
    es::Repository<Account> accounts_{store_,
                                      {.snapshots = es::json_snapshots<Account>(writer_, es::after_events(100))}};
    std::jthread snapshots_{[this](std::stop_token stop) { writer_.run(std::move(stop)); }};  // last the threads
};
// [program]

int main() {
    Bank bank;
    bank.accounts().execute("alice", [](Account const& account) { return open(account, "Alice"); });

    // [share]
    {
        std::vector<std::jthread> tellers;
        for (int i = 0; i < 4; ++i) {
            tellers.emplace_back([&accounts = bank.accounts()] {
                for (int n = 0; n < 25; ++n) {
                    accounts.execute("alice", [](Account const& account) { return deposit(account, 1); });
                }
            });
        }
    }
    std::cout << bank.accounts().load("alice").state.balance << "\n";
    // [share]

    // [own]
    std::vector<es::RecordedEvent> kept;
    bank.accounts().history("alice", {.limit = 3}, [&](Account::Event const&, es::RecordedEventView const& view) {
        kept.push_back(es::to_owned(view));  // the view ends with this call
    });
    // [own]
    std::cout << kept.size() << " events kept\n";
}
