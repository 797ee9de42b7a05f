#include "domain/account.hpp"

#include <event_sourcing/error.hpp>
#include <event_sourcing/json_codec.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bank {
namespace {

namespace es = event_sourcing;

struct Stored {
    Account::Event event;
    std::string type;
    std::string data;
};

// What is stored never changes its form: these texts are a promise to every database that holds them.
std::vector<Stored> const every_form{
    {AccountOpened{}, "AccountOpened", R"({"overdraft_limit":null})"},
    {AccountOpened{"Ada", 0, "2024-01-02"}, "AccountOpened",
     R"({"date":"2024-01-02","overdraft_limit":0,"owner":"Ada"})"},
    {MoneyDeposited{1, {}}, "MoneyDeposited", R"({"amount":1})"},
    {MoneyDeposited{std::numeric_limits<Money>::max(), "2024-01-02"}, "MoneyDeposited",
     R"({"amount":9223372036854775807,"date":"2024-01-02"})"},
    {MoneyWithdrawn{1, "2024-01-02"}, "MoneyWithdrawn", R"({"amount":1,"date":"2024-01-02"})"},
    {TransferSent{"b", 1, {}}, "TransferSent", R"({"amount":1,"to":"b"})"},
    {TransferReceived{"a", 1, "2024-01-02"}, "TransferReceived", R"({"amount":1,"date":"2024-01-02","from":"a"})"},
};

es::Decoded<Account::Event> decode(std::string_view type, std::string_view data) {
    es::RecordedEventView record;
    record.event_type = type;
    record.data = data;
    return es::JsonCodec<Account::Event>{}.decode(record);
}

TEST(StoredForm, IsWhatItAlwaysWas) {
    for (auto const& [event, type, data] : every_form) {
        auto const encoded = es::JsonCodec<Account::Event>{}.encode(event, {{"BankAccount", "a"}, es::Uuid::v7()});
        EXPECT_EQ(encoded.event_type, type);
        EXPECT_EQ(encoded.data, data);
        EXPECT_EQ(std::get<Account::Event>(decode(type, data)), event) << data;
    }
}

TEST(StoredForm, MayLackWhatIsOptional) {
    EXPECT_EQ(std::get<Account::Event>(decode("AccountOpened", "{}")), Account::Event{AccountOpened{}});
    EXPECT_EQ(std::get<Account::Event>(decode("MoneyDeposited", R"({"amount":1,"date":null})")),
              (Account::Event{MoneyDeposited{1, {}}}));
}

TEST(StoredForm, IsRefusedWhereANumberWouldChange) {
    for (auto const* const data : {R"({"amount":9223372036854775808})", R"({"amount":1.5})", R"({"amount":"1"})",
                                   R"({"amount":true})", R"({"amount":null})", "{}", R"({"amount":1,"date":5})"}) {
        EXPECT_THROW(static_cast<void>(decode("MoneyDeposited", data)), es::CodecError) << data;
        EXPECT_THROW(static_cast<void>(decode("MoneyWithdrawn", data)), es::CodecError) << data;
    }
    EXPECT_THROW(static_cast<void>(decode("AccountOpened", R"({"overdraft_limit":1e3})")), es::CodecError);
    EXPECT_THROW(static_cast<void>(decode("TransferSent", R"({"amount":1})")), es::CodecError);
    EXPECT_THROW(static_cast<void>(decode("TransferReceived", R"({"amount":1,"from":2})")), es::CodecError);
}

}  // namespace
}  // namespace bank
