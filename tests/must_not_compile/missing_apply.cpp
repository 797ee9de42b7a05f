// An aggregate that does not apply one of its events.
// names: MoneyWithdrawn
#include <event_sourcing/aggregate.hpp>

struct MoneyDeposited {};
struct MoneyWithdrawn {};

struct Account {
    using Event = std::variant<MoneyDeposited, MoneyWithdrawn>;
    static constexpr std::string_view aggregate_type = "Account";
    void apply(MoneyDeposited const&) {}
#ifdef MUST_COMPILE
    void apply(MoneyWithdrawn const&) {}
#endif
};

void fold_one(Account& account, Account::Event const& event) { event_sourcing::apply(account, event); }
