#pragma once

#include <event_sourcing/event_sourcing.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The account that all workloads use: events of about a hundred bytes, a state that is cheap to fold.
namespace event_sourcing::benchmarks {

/// What a movement of money says. `Text` is std::string, or std::string_view where an event refers to the stored text.
template <class Text>
struct Movement {
    std::int64_t amount = 0;
    Text date{};
    Text transaction_id{};
    Text text{};
};

template <class Text>
struct Deposited : Movement<Text> {
    static constexpr std::string_view event_type = "MoneyDeposited";
};

template <class Text>
struct Withdrawn : Movement<Text> {
    static constexpr std::string_view event_type = "MoneyWithdrawn";
};

// For both events, since they derive from it: the library's codec and the baselines use the same functions.
inline void to_json(nlohmann::json& json, Movement<std::string> const& event) {
    json["amount"] = event.amount;
    json["date"] = event.date;
    json["transaction_id"] = event.transaction_id;
    json["text"] = event.text;
}
inline void from_json(nlohmann::json const& json, Movement<std::string>& event) {
    json.at("amount").get_to(event.amount);
    json.at("date").get_to(event.date);
    json.at("transaction_id").get_to(event.transaction_id);
    json.at("text").get_to(event.text);
}

template <class Text>
struct BasicAccount {
    using Event = std::variant<Deposited<Text>, Withdrawn<Text>>;
    static constexpr std::string_view aggregate_type = "BankAccount";

    std::int64_t balance = 0;
    std::size_t text_bytes = 0;

    void apply(Deposited<Text> const& event) {
        balance += event.amount;
        text_bytes += event.text.size();
    }
    void apply(Withdrawn<Text> const& event) {
        balance -= event.amount;
        text_bytes += event.text.size();
    }
};

using Account = BasicAccount<std::string>;
using AccountEvent = Account::Event;

inline void to_json(nlohmann::json& json, Account const& account) {
    json["balance"] = account.balance;
    json["text_bytes"] = account.text_bytes;
}
inline void from_json(nlohmann::json const& json, Account& account) {
    json.at("balance").get_to(account.balance);
    json.at("text_bytes").get_to(account.text_bytes);
}

/// The account whose events refer to the stored bytes instead of copying them.
using ViewAccount = BasicAccount<std::string_view>;

/// A codec that a user would write where JSON is too slow: the amount in eight bytes, then each text behind its length.
/// Decoding gives views and allocates nothing.
class ViewCodec {
public:
    using Event = ViewAccount::Event;

    [[nodiscard]] NewEvent encode(Event const& event, EncodeContext const& context) const {
        return std::visit(
            [&context]<class E>(E const& movement) {
                NewEvent out{.id = context.id,
                             .event_type = std::string{E::event_type},
                             .data = std::string(sizeof movement.amount, '\0'),
                             .format = DataFormat::binary};
                std::memcpy(out.data.data(), &movement.amount, sizeof movement.amount);
                for (auto const text : {movement.date, movement.transaction_id, movement.text}) {
                    out.data += static_cast<char>(static_cast<unsigned char>(text.size()));
                    out.data += text;
                }
                return out;
            },
            event);
    }

    [[nodiscard]] Decoded<Event> decode(RecordedEventView const& record) const {
        if (record.event_type == Deposited<std::string_view>::event_type) {
            return Event{Deposited<std::string_view>{movement(record.data)}};
        }
        if (record.event_type == Withdrawn<std::string_view>::event_type) {
            return Event{Withdrawn<std::string_view>{movement(record.data)}};
        }
        return Undecodable::unknown_type;
    }

private:
    [[nodiscard]] static Movement<std::string_view> movement(std::string_view data) {
        Movement<std::string_view> out;
        if (data.size() < sizeof out.amount) {
            throw CodecError{"the data is too short"};
        }
        data.copy(reinterpret_cast<char*>(&out.amount), sizeof out.amount);
        data.remove_prefix(sizeof out.amount);
        for (auto* text : {&out.date, &out.transaction_id, &out.text}) {
            auto const size = data.empty() ? std::size_t{256} : std::size_t{static_cast<unsigned char>(data.front())};
            if (data.size() <= size) {
                throw CodecError{"the data is too short"};
            }
            *text = data.substr(1, size);
            data.remove_prefix(1 + size);
        }
        return out;
    }
};

/// The event number `i` of any history: two deposits, then a withdrawal, of changing amounts.
template <class Text = std::string>
[[nodiscard]] typename BasicAccount<Text>::Event event_number(std::size_t i) {
    static constexpr std::array<std::string_view, 4> texts{"salary for the month", "insurance payment", "household",
                                                           "interest credited"};
    auto const amount = static_cast<std::int64_t>(1000 + i % 977);
    Movement<Text> const movement{
        .amount = amount, .date = Text{"1993-01-03"}, .transaction_id = Text{"452728"}, .text = Text{texts[i % 4]}};
    if (i % 3 == 2) {
        return Withdrawn<Text>{movement};
    }
    return Deposited<Text>{movement};
}

/// The balance after the first `events` events of a history.
[[nodiscard]] inline std::int64_t balance_after(std::size_t events) {
    std::vector<AccountEvent> history;
    for (std::size_t i = 0; i < events; ++i) {
        history.push_back(event_number(i));
    }
    return fold<Account>(history).balance;
}

[[nodiscard]] inline std::string account_id(std::size_t number) { return "account-" + std::to_string(number); }

/// The accounts that a client works on, one after the other: clients never meet on one account.
[[nodiscard]] inline std::size_t account_of(std::size_t client, std::size_t i, std::size_t accounts,
                                            std::size_t clients) {
    return (i % (accounts / clients)) * clients + client;
}

/// Encoded events, made once and given to every contender: what is measured is what follows.
[[nodiscard]] inline std::vector<NewEvent> encoded_events(std::size_t count) {
    JsonCodec<AccountEvent> const codec;
    std::vector<NewEvent> out;
    for (std::size_t i = 0; i < count; ++i) {
        auto const id = Uuid::v7();
        out.push_back(codec.encode(event_number(i), {{Account::aggregate_type, "encoded"}, id}));
    }
    return out;
}

}  // namespace event_sourcing::benchmarks
