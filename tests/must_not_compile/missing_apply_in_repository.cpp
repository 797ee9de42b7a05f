// The same fault where users meet it: in the repository of the aggregate.
// names: MoneyWithdrawn
#include <event_sourcing/repository.hpp>

struct MoneyDeposited {
    static constexpr std::string_view event_type = "MoneyDeposited";
};
struct MoneyWithdrawn {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
};

struct Account {
    using Event = std::variant<MoneyDeposited, MoneyWithdrawn>;
    static constexpr std::string_view aggregate_type = "Account";
    void apply(MoneyDeposited const&) {}
#ifdef MUST_COMPILE
    void apply(MoneyWithdrawn const&) {}
#endif
};

void withdraw(event_sourcing::EventStore& store) {
    event_sourcing::Repository<Account> accounts{store};
    accounts.execute("alice", [](Account const&) { return MoneyWithdrawn{}; });
}
