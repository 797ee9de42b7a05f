#include <nlohmann/json.hpp>

#include <string>
#include <vector>

struct Deposited {
    std::int64_t amount = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Deposited, amount)
};
struct Withdrawn {
    std::int64_t amount = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Withdrawn, amount)
};

struct Account {
    std::int64_t balance = 0;
    void apply(Deposited const& event) { balance += event.amount; }
    void apply(Withdrawn const& event) { balance -= event.amount; }
};

std::int64_t unit(std::vector<std::string>& history) {
    Account account;
    for (auto const& text : history) {
        auto const json = nlohmann::json::parse(text);
        if (json.contains("Deposited")) {
            account.apply(json.at("Deposited").get<Deposited>());
        } else {
            account.apply(json.at("Withdrawn").get<Withdrawn>());
        }
    }
    nlohmann::json json;
    json["Deposited"] = Deposited{100};
    history.push_back(json.dump());
    return account.balance;
}
