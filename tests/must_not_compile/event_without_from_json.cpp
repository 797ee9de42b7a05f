// An event with members that can be written, but not read: no from_json.
// names: MoneyWithdrawn
// names: from_json
#include <event_sourcing/json_codec.hpp>

struct MoneyWithdrawn {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
    int amount = 0;
};

void to_json(nlohmann::json& json, MoneyWithdrawn const& event) { json["amount"] = event.amount; }
#ifdef MUST_COMPILE
void from_json(nlohmann::json const& json, MoneyWithdrawn& event) { json.at("amount").get_to(event.amount); }
#endif

event_sourcing::JsonCodec<std::variant<MoneyWithdrawn>> make_codec() { return {}; }
