#include <event_sourcing/event_sourcing.hpp>
#include <event_sourcing/inmemory/event_store.hpp>

#include <iostream>
#include <stdexcept>

namespace es = event_sourcing;

struct Deposited {  // what happened: plain structs
    static constexpr std::string_view event_type = "MoneyDeposited";
    std::int64_t amount;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Deposited, amount)
};

struct Withdrawn {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
    std::int64_t amount;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Withdrawn, amount)
};

struct Account {  // what it adds up to
    using Event = std::variant<Deposited, Withdrawn>;
    static constexpr std::string_view aggregate_type = "Account";

    std::int64_t balance = 0;
    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Withdrawn const& event) { balance -= event.amount; }
};

Withdrawn withdraw(Account const& account, std::int64_t amount) {  // what is allowed
    if (amount > account.balance) throw std::domain_error{"insufficient funds"};
    return {amount};
}

int main() {
    es::InMemoryEventStore store;
    es::Repository<Account> const accounts{store};

    accounts.execute("alice", [](Account const&) { return Deposited{100}; });
    es::execute(store, [](es::Session& session) {  // two accounts: both or neither
        auto const alice = session.load<Account>("alice");
        auto const bob = session.load<Account>("bob");
        alice.record(withdraw(*alice, 30));
        bob.record(Deposited{30});
    });
    try {
        accounts.execute("bob", [](Account const& bob) { return withdraw(bob, 500); });
    } catch (std::domain_error const& refusal) {
        std::cout << "refused: " << refusal.what() << "\n";
    }

    store.read_all({}, [](es::RecordedEventView const& event) {
        std::cout << event.aggregate_id << " " << event.version.value << ": " << event.event_type << " " << event.data
                  << "\n";
    });
    std::cout << "alice has " << accounts.load("alice").state.balance << "\n";
    std::cout << "alice had " << accounts.load("alice", es::Version{1}).state.balance << "\n";
}
