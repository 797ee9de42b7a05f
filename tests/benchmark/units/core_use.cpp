#include <event_sourcing/event_sourcing.hpp>

#include <string_view>
#include <variant>

struct Deposited {
    static constexpr std::string_view event_type = "Deposited";
    std::int64_t amount = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Deposited, amount)
};
struct Withdrawn {
    static constexpr std::string_view event_type = "Withdrawn";
    std::int64_t amount = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Withdrawn, amount)
};

struct Account {
    using Event = std::variant<Deposited, Withdrawn>;
    static constexpr std::string_view aggregate_type = "Account";

    std::int64_t balance = 0;
    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Withdrawn const& event) { balance -= event.amount; }
};

std::int64_t unit(event_sourcing::EventStore& store) {
    event_sourcing::Repository<Account> accounts{store};
    accounts.execute("alice", [](Account const&) { return Deposited{100}; });
    return accounts.load("alice").state.balance;
}
