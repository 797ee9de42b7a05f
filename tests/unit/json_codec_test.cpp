#include "support/account.hpp"
#include "support/records.hpp"
#include "support/thrown.hpp"

#include <event_sourcing/json_codec.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace event_sourcing;
using nlohmann::json;

using BankCodec = JsonCodec<bank::AccountEvent>;
static_assert(EventCodec<BankCodec, bank::AccountEvent>);

/// The third shape of a deposit: 1 had `sum`, 2 had `amount`, 3 has `amount` and `currency`.
struct Deposited3 {
    static constexpr std::string_view event_type = "MoneyDeposited";
    static constexpr int schema_version = 3;
    std::int64_t amount = 0;
    std::string currency{};
    bool operator==(Deposited3 const&) const = default;
};
void to_json(json& out, Deposited3 const& event) { out = {{"amount", event.amount}, {"currency", event.currency}}; }
void from_json(json const& in, Deposited3& event) {
    event.amount = checked_get<std::int64_t>(in, "/amount");
    event.currency = checked_get<std::string>(in, "/currency");
}

struct Reopened {
    static constexpr std::string_view event_type = "Reopened";
    static constexpr int schema_version = 2;
    bool operator==(Reopened const&) const = default;
};

using NewEvents = std::variant<Deposited3, Reopened>;

Upcasters deposits() {
    return Upcasters{}
        .add("MoneyDeposited", 1, [](json old) { return json{{"amount", old.at("sum")}}; })
        .add("MoneyDeposited", 2,
             [](json old) {
                 old["currency"] = "EUR";
                 return old;
             })
        .add("Reopened", 1, [](json) { return json::object(); });
}

Upcasters deposits_and_renamed() {
    return deposits().rename({"PaidIn", 1}, {"MoneyDeposited", 2},
                             [](json old) { return json{{"amount", old.at("cents")}}; });
}

template <class Codec>
auto decode(Codec const& codec, RecordedEvent const& event) {
    return codec.decode(to_view(event));
}

NewEvent encode(bank::AccountEvent const& event) {
    return BankCodec{}.encode(event, {{"Account", "alice"}, Uuid::derived({}, 1)});
}

TEST(JsonCodec, TakesLowerLimitsOfJsonAndNoHigherDepth) {
    using Codec = JsonCodec<bank::AccountEvent>;
    EXPECT_NO_THROW((Codec{Upcasters{}, {.depth = 3}}));
    EXPECT_THROW((Codec{Upcasters{}, {.depth = 65}}), InvalidArgument);
}

TEST(JsonCodec, EncodesAnEventUnderItsStoredNameAndTheContextsId) {
    auto const event = encode(bank::Deposited{100});
    EXPECT_EQ(event.id, Uuid::derived({}, 1));
    EXPECT_EQ(event.event_type, "MoneyDeposited");
    EXPECT_EQ(event.schema_version, 1);
    EXPECT_EQ(event.data, R"({"amount":100})");
    EXPECT_EQ(event.format, DataFormat::json);
    EXPECT_TRUE(event.fingerprint.empty());
    EXPECT_EQ(encode(bank::Closed{}).data, "{}") << "a struct without members needs no JSON functions";
}

TEST(JsonCodec, DecodesWhatItEncoded) {
    for (bank::AccountEvent const& event :
         {bank::AccountEvent{bank::Opened{"Zo\xC3\xAB \"\\\n\x01"}},
          bank::AccountEvent{bank::Deposited{std::numeric_limits<std::int64_t>::max()}},
          bank::AccountEvent{bank::Withdrawn{std::numeric_limits<std::int64_t>::min()}},
          bank::AccountEvent{bank::Closed{}}}) {
        auto const encoded = encode(event);
        auto const decoded =
            decode(BankCodec{}, records::event(encoded.event_type, encoded.schema_version, encoded.data));
        ASSERT_TRUE(std::holds_alternative<bank::AccountEvent>(decoded));
        EXPECT_EQ(std::get<bank::AccountEvent>(decoded), event);
    }
}

TEST(JsonCodec, KnowsNoOtherTypes) {
    EXPECT_EQ(std::get<Undecodable>(decode(BankCodec{}, records::event("Unheard", 1, "{}"))),
              Undecodable::unknown_type);
    EXPECT_EQ(std::get<Undecodable>(decode(BankCodec{}, records::event("moneydeposited", 1, "{}"))),
              Undecodable::unknown_type);
    EXPECT_EQ(std::get<Undecodable>(decode(BankCodec{}, records::event("", 1, "{}"))), Undecodable::unknown_type);
}

TEST(JsonCodec, SaysTypePositionAndPathOfDataThatDoesNotFit) {
    for (auto const* const data :
         {R"({"amount":"5"})", R"({"amount":5.0})", R"({"amount":9223372036854775808})", "{}", R"({"amount":true})"}) {
        auto const message =
            message_of<CodecError>([&] { return decode(BankCodec{}, records::event("MoneyDeposited", 1, data)); });
        expect_words(message, "MoneyDeposited", "Account/alice", "version 7", "position 42", "/amount",
                     "00000000-0000-4000-8000-0000000000aa");
    }
}

TEST(JsonCodec, RefusesDataThatIsNoStrictJsonWithinItsLimits) {
    for (std::string const data : {"", "{", R"({"amount":1,"amount":2})", "{\"amount\":1}\xFF", "{\"amount\":1} 2"}) {
        EXPECT_THROW(decode(BankCodec{}, records::event("MoneyDeposited", 1, data)), CodecError) << data;
    }
    BankCodec const narrow{Upcasters{}, {.bytes = 14}};
    EXPECT_NO_THROW(decode(narrow, records::event("MoneyDeposited", 1, R"({"amount":100})")));
    EXPECT_THROW(decode(narrow, records::event("MoneyDeposited", 1, R"({"amount":1000})")), CodecError);

    auto binary = records::event("MoneyDeposited", 1, R"({"amount":100})");
    binary.format = DataFormat::binary;
    expect_words(message_of<CodecError>([&] { return decode(BankCodec{}, binary); }), "binary", "MoneyDeposited",
                 "position 42");
}

TEST(JsonCodec, RefusesANewerSchemaVersion) {
    expect_words(message_of<CodecError>([] { return decode(BankCodec{}, records::event("MoneyDeposited", 2, "{}")); }),
                 "MoneyDeposited v2", "newer", "position 42");
}

TEST(JsonCodec, RaisesOldShapesByAChainInOrder) {
    JsonCodec<NewEvents> const codec{deposits()};
    NewEvents const expected = Deposited3{5, "EUR"};
    EXPECT_EQ(std::get<NewEvents>(decode(codec, records::event("MoneyDeposited", 1, R"({"sum":5})"))), expected);
    EXPECT_EQ(std::get<NewEvents>(decode(codec, records::event("MoneyDeposited", 2, R"({"amount":5})"))), expected);
    EXPECT_EQ(
        std::get<NewEvents>(decode(codec, records::event("MoneyDeposited", 3, R"({"amount":5,"currency":"EUR"})"))),
        expected);
    EXPECT_EQ(std::get<NewEvents>(decode(codec, records::event("Reopened", 1, "{}"))), NewEvents{Reopened{}});
    EXPECT_EQ(codec.encode(expected, {}).schema_version, 3);
}

TEST(JsonCodec, RaisesARenamedEventIntoTheMiddleOfAChain) {
    JsonCodec<NewEvents> const codec{deposits_and_renamed()};
    EXPECT_EQ(std::get<NewEvents>(decode(codec, records::event("PaidIn", 1, R"({"cents":5})"))),
              (NewEvents{Deposited3{5, "EUR"}}));
    EXPECT_THROW(decode(codec, records::event("PaidIn", 2, "{}")), CodecError)
        << "a newer version of an old name is no unknown type, which a projection would pass over";
}

TEST(JsonCodec, IsNotMadeWithAHoleOrACircle) {
    expect_words(message_of<InvalidArgument>([] { return JsonCodec<NewEvents>{}; }), "MoneyDeposited",
                 "no step from version 1 to 2");
    expect_words(message_of<InvalidArgument>([] {
                     return JsonCodec<NewEvents>{Upcasters{}.add("MoneyDeposited", 2, [](json old) { return old; })};
                 }),
                 "MoneyDeposited", "no step from version 1 to 2");
    EXPECT_THROW(JsonCodec<NewEvents>{deposits().rename({"A", 1}, {"B", 1}).rename({"B", 1}, {"A", 1})},
                 InvalidArgument);
}

TEST(JsonCodec, SaysWhereAnUpcasterFailed) {
    JsonCodec<NewEvents> const codec{deposits()};
    expect_words(message_of<CodecError>([&] { return decode(codec, records::event("MoneyDeposited", 1, "{}")); }),
                 "MoneyDeposited v1", "position 42", "sum");
    expect_words(
        message_of<CodecError>([&] { return decode(codec, records::event("MoneyDeposited", 2, R"({"amount":"x"})")); }),
        "MoneyDeposited v2", "/amount");
}

TEST(JsonCodec, CopiesShareTheUpcasters) {
    auto codec = std::make_unique<JsonCodec<NewEvents>>(deposits());
    auto const copy = *codec;
    codec.reset();
    EXPECT_EQ(std::get<NewEvents>(decode(copy, records::event("MoneyDeposited", 1, R"({"sum":5})"))),
              (NewEvents{Deposited3{5, "EUR"}}));
}

TEST(JsonCodec, RefusesToWriteWhatItCouldNotReadBack) {
    expect_words(message_of<InvalidArgument>([] { return encode(bank::Opened{"\xFF"}); }), "AccountOpened");
}

struct Measured {
    static constexpr std::string_view event_type = "Measured";
    double value = 0;
    std::vector<double> more{};
};
void to_json(json& out, Measured const& event) { out = {{"value", event.value}, {"more", event.more}}; }
void from_json(json const& in, Measured& event) {
    event.value = checked_get<double>(in, "/value");
    event.more = checked_get<std::vector<double>>(in, "/more");
}

TEST(JsonCodec, RefusesToWriteNumbersThatAreNotFiniteWhichWouldComeBackAsNull) {
    JsonCodec<std::variant<Measured>> const codec;
    auto const inf = std::numeric_limits<double>::infinity();
    EXPECT_THROW(static_cast<void>(codec.encode(Measured{inf, {}}, {})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(codec.encode(Measured{1, {2, std::nan("")}}, {})), InvalidArgument);
    auto const encoded = codec.encode(
        Measured{std::numeric_limits<double>::denorm_min(), {0.1, -std::numeric_limits<double>::max()}}, {});
    auto const decoded = std::get<std::variant<Measured>>(decode(codec, records::event("Measured", 1, encoded.data)));
    EXPECT_EQ(std::get<Measured>(decoded).value, std::numeric_limits<double>::denorm_min());
    EXPECT_EQ(std::get<Measured>(decoded).more, (std::vector{0.1, -std::numeric_limits<double>::max()}));
}

struct Strict {
    static constexpr std::string_view event_type = "Strict";
    std::int64_t number = 0;
};
void to_json(json& out, Strict const& event) { out = event.number; }
void from_json(json const& in, Strict& event) {
    if (in == 0) {
        throw std::bad_alloc{};
    }
    event.number = std::stoll(in.get<std::string>());
}

TEST(JsonCodec, PutsThePlaceInFrontOfWhateverAFromJsonThrows) {
    JsonCodec<std::variant<Strict>> const codec;
    EXPECT_EQ(codec.encode(Strict{5}, {}).data, "5");
    try {
        decode(codec, records::event("Strict", 1, "\"x\""));
        FAIL() << "threw nothing";
    } catch (CodecError const& error) {
        expect_words(error.what(), "Strict v1", "position 42");
        EXPECT_THROW(std::rethrow_if_nested(error), std::invalid_argument);
    }
    EXPECT_THROW(decode(codec, records::event("Strict", 1, "0")), std::bad_alloc)
        << "no memory is no fault of the data";
}

/// Without a default constructor, in a namespace of its own, read by nlohmann's other way.
namespace elsewhere {
class Amount {
public:
    static constexpr char const* event_type = "Amount";
    explicit Amount(int value) : value_{value} {}
    [[nodiscard]] int value() const { return value_; }

private:
    int value_;
};
}  // namespace elsewhere

}  // namespace

template <>
struct nlohmann::adl_serializer<elsewhere::Amount> {
    static void to_json(json& out, elsewhere::Amount const& amount) { out = amount.value(); }
    static elsewhere::Amount from_json(json const& in) {
        return elsewhere::Amount{event_sourcing::checked_get<int>(in, "")};
    }
};

namespace {

TEST(JsonCodec, TakesEventsWithoutADefaultConstructor) {
    JsonCodec<std::variant<elsewhere::Amount>> const codec;
    EXPECT_EQ(codec.encode(elsewhere::Amount{3}, {}).data, "3");
    EXPECT_EQ(codec.encode(elsewhere::Amount{3}, {}).event_type, "Amount");
    auto const decoded = decode(codec, records::event("Amount", 1, "4"));
    EXPECT_EQ(std::get<0>(std::get<1>(decoded)).value(), 4);
    EXPECT_THROW(decode(codec, records::event("Amount", 1, "2147483648")), CodecError);
}

}  // namespace
