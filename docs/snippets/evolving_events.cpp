#include <event_sourcing/event_sourcing.hpp>
#include <event_sourcing/inmemory/event_store.hpp>

#include <iostream>

namespace es = event_sourcing;

// [today]
struct Deposited {
    static constexpr std::string_view event_type = "MoneyDeposited";
    static constexpr int schema_version = 2;  // 1 had whole units, and no currency
    std::int64_t cents;
    std::string currency;
};
// [today]

inline void to_json(nlohmann::json& json, Deposited const& event) {
    json = {{"cents", event.cents}, {"currency", event.currency}};
}
inline void from_json(nlohmann::json const& json, Deposited& event) {
    event.cents = es::checked_get<std::int64_t>(json, "/cents");
    event.currency = es::checked_get<std::string>(json, "/currency");
}

// [upcasters]
inline es::Upcasters account_upcasters() {
    es::Upcasters upcasters;
    upcasters.add("MoneyDeposited", 1, [](nlohmann::json old) -> nlohmann::json {
        return {{"cents", es::checked_get<std::int64_t>(old, "/amount") * 100}, {"currency", "EUR"}};
    });
    upcasters.rename({"CashPaidIn", 1}, {"MoneyDeposited", 1});  // its first name
    return upcasters;
}

struct Account {
    using Event = std::variant<Deposited>;
    static constexpr std::string_view aggregate_type = "Account";
    static es::JsonCodec<Event> codec() { return es::JsonCodec<Event>{account_upcasters()}; }

    std::int64_t cents = 0;
    void apply(Deposited const& event) { cents += event.cents; }
};
// [upcasters]

int main() {
    es::InMemoryEventStore store;

    // [old-events]
    es::append(store, {"Account", "alice"}, es::ExpectedVersion::none(),
               {es::NewEvent{.event_type = "CashPaidIn", .data = R"({"amount":3})"},
                es::NewEvent{.event_type = "MoneyDeposited", .data = R"({"amount":4})"}});

    es::Repository<Account> const accounts{store};
    accounts.execute("alice", [](Account const&) { return Deposited{.cents = 50, .currency = "EUR"}; });
    std::cout << accounts.load("alice").state.cents << " cents\n";
    // [old-events]

    // [hole]
    try {
        es::JsonCodec<Account::Event> const codec;  // no upcasters, although schema_version is 2
    } catch (es::InvalidArgument const& error) {
        std::cout << error.what() << "\n";
    }
    // [hole]
}
