// An event without a stored name.
// names: MoneyWithdrawn
// names: event_type
#include <event_sourcing/json_codec.hpp>

struct MoneyWithdrawn {
#ifdef MUST_COMPILE
    static constexpr std::string_view event_type = "MoneyWithdrawn";
#endif
};

event_sourcing::JsonCodec<std::variant<MoneyWithdrawn>> make_codec() { return {}; }
