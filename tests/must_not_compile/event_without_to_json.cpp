// An event with members that cannot be written: no to_json.
// names: MoneyWithdrawn
// names: to_json
#include <event_sourcing/json_codec.hpp>

struct MoneyDeposited {
    static constexpr std::string_view event_type = "MoneyDeposited";
    int amount = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(MoneyDeposited, amount)
};
struct MoneyWithdrawn {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
    int amount = 0;
#ifdef MUST_COMPILE
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(MoneyWithdrawn, amount)
#endif
};

event_sourcing::JsonCodec<std::variant<MoneyDeposited, MoneyWithdrawn>> make_codec() { return {}; }
