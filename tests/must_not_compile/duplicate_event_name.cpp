// Two events with one stored name: neither could be told from the other when read.
// names: MoneyDeposited
// names: MoneyCredited
#include <event_sourcing/json_codec.hpp>

struct MoneyDeposited {
    static constexpr std::string_view event_type = "MoneyDeposited";
};
struct AccountClosed {
    static constexpr std::string_view event_type = "AccountClosed";
};
struct MoneyCredited {
#ifdef MUST_COMPILE
    static constexpr std::string_view event_type = "MoneyCredited";
#else
    static constexpr std::string_view event_type = "MoneyDeposited";
#endif
};

event_sourcing::JsonCodec<std::variant<MoneyDeposited, AccountClosed, MoneyCredited>> make_codec() { return {}; }
