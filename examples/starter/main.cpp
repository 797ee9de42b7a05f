#include "account.hpp"

#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/repository.hpp>

#include <cstdlib>
#include <iostream>

int main() try {
    char const* const url = std::getenv("DATABASE_URL");
    if (url == nullptr || *url == '\0') {
        std::cerr << "starter: set DATABASE_URL=postgresql://USER@HOST:PORT/DATABASE\n";
        return 4;
    }
    event_sourcing::PostgresDatabase database{{.url = url}};  // one per process
    event_sourcing::PostgresEventStore store{database};
    event_sourcing::Repository<Account> const accounts{store};

    accounts.execute("alice", [](Account const&) { return Deposited{100}; });
    accounts.execute("alice", [](Account const& account) { return withdraw(account, 30); });
    try {
        accounts.execute("alice", [](Account const& account) { return withdraw(account, 1'000'000); });
    } catch (InsufficientFunds const& refusal) {
        std::cout << "refused: " << refusal.what() << '\n';  // and nothing was stored
    }
    transfer(store, "alice", "bob", 25);

    for (auto const* id : {"alice", "bob"}) {
        auto const account = accounts.load(id);
        std::cout << id << ": " << account.state.balance << " as of version " << account.version.value << '\n';
    }
} catch (event_sourcing::Unavailable const& error) {
    std::cerr << "starter: " << error.what() << '\n';
    return 4;
} catch (std::exception const& error) {
    std::cerr << "starter: " << error.what() << '\n';
    return 1;
}
