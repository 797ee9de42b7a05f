#include <event_sourcing/checked_get.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/parse_json.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using event_sourcing::checked_get;
using event_sourcing::CodecError;
using event_sourcing::InvalidArgument;
using event_sourcing::parse_json;
using nlohmann::json;

/// The message of the CodecError that reading a T throws.
template <class T>
std::string error(json const& object, std::string_view path) {
    try {
        static_cast<void>(checked_get<T>(object, path));
    } catch (CodecError const& e) {
        return e.what();
    }
    return "no error";
}

struct Money {
    std::int64_t cents = 0;
    std::string currency;
};

void from_json(json const& object, Money& money) {
    money.cents = checked_get<std::int64_t>(object, "/cents");
    money.currency = checked_get<std::string>(object, "/currency");
}

struct Plain {
    int number = 0;
};

void from_json(json const& object, Plain& plain) { object.at("number").get_to(plain.number); }

enum class Colour : std::uint8_t { red, green };

TEST(CheckedGet, ReadsIntegersInRange) {
    auto const object =
        parse_json(R"({"a":255,"b":-128,"c":9223372036854775807,"d":18446744073709551615,"e":-9223372036854775808})");
    EXPECT_EQ(checked_get<std::uint8_t>(object, "/a"), 255);
    EXPECT_EQ(checked_get<std::int8_t>(object, "/b"), -128);
    EXPECT_EQ(checked_get<std::int64_t>(object, "/c"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(checked_get<std::uint64_t>(object, "/d"), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(checked_get<std::int64_t>(object, "/e"), std::numeric_limits<std::int64_t>::min());
}

TEST(CheckedGet, NeverNarrowsAnInteger) {
    auto const object =
        parse_json(R"({"a":256,"b":-129,"c":9223372036854775808,"d":-1,"e":1099511627776,"f":18446744073709551616})");
    EXPECT_EQ(error<std::uint8_t>(object, "/a"), "/a: expected an integer from 0 to 255, found a larger one");
    EXPECT_EQ(error<std::int8_t>(object, "/b"), "/b: expected an integer from -128 to 127, found a smaller one");
    EXPECT_NE(error<std::int64_t>(object, "/c").find("a larger one"), std::string::npos);
    EXPECT_NE(error<std::uint64_t>(object, "/d").find("a smaller one"), std::string::npos);
    EXPECT_NE(error<int>(object, "/e").find("a larger one"), std::string::npos);
    EXPECT_NE(error<std::uint64_t>(object, "/f").find("beyond 64 bits"), std::string::npos);
}

TEST(CheckedGet, RefusesOtherTypesForAnInteger) {
    auto const object = parse_json(R"({"a":1.0,"b":1e3,"c":true,"d":"1","e":null,"f":[1],"g":{}})");
    for (auto const* path : {"/a", "/b", "/c", "/d", "/e", "/f", "/g"}) {
        auto const message = error<int>(object, path);
        EXPECT_EQ(message.find(std::string{path} + ": expected an integer from -2147483648 to 2147483647, found "), 0U)
            << message;
    }
}

TEST(CheckedGet, ReadsBooleansAndStringsOnlyAsThemselves) {
    auto const object = parse_json(R"({"yes":true,"one":1,"text":"x"})");
    EXPECT_TRUE(checked_get<bool>(object, "/yes"));
    EXPECT_EQ(checked_get<std::string>(object, "/text"), "x");
    EXPECT_EQ(checked_get<std::string_view>(object, "/text"), "x");
    EXPECT_EQ(error<bool>(object, "/one"), "/one: expected a boolean, found an integer");
    EXPECT_EQ(error<std::string>(object, "/one"), "/one: expected a string, found an integer");
    EXPECT_EQ(error<std::string_view>(object, "/yes"), "/yes: expected a string, found a boolean");
}

TEST(CheckedGet, ReadsDoublesAndRefusesIntegersTheyCannotHold) {
    auto const object = parse_json(R"({"a":1.5,"b":9007199254740992,"c":9007199254740993,"d":-9007199254740993,)"
                                   R"("e":1e300,"f":"1","g":-9007199254740992})");
    EXPECT_EQ(checked_get<double>(object, "/a"), 1.5);
    EXPECT_EQ(checked_get<double>(object, "/b"), 9007199254740992.0);
    EXPECT_EQ(checked_get<double>(object, "/g"), -9007199254740992.0);
    EXPECT_EQ(checked_get<float>(object, "/a"), 1.5F);
    EXPECT_NE(error<double>(object, "/c").find("loses digits"), std::string::npos);
    EXPECT_NE(error<double>(object, "/d").find("loses digits"), std::string::npos);
    EXPECT_NE(error<float>(object, "/b").find("loses digits"), std::string::npos);
    EXPECT_NE(error<float>(object, "/e").find("beyond the range"), std::string::npos);
    EXPECT_EQ(error<double>(object, "/f"), "/f: expected a number, found a string");
    EXPECT_EQ(checked_get<double>(json{{"n", std::int64_t{-7}}}, "/n"), -7.0);
    EXPECT_NE(error<double>(json{{"n", std::int64_t{9007199254740993}}}, "/n").find("loses digits"), std::string::npos);
}

TEST(CheckedGet, NamesTheAbsentMember) {
    auto const object = parse_json(R"({"a":{"b":1},"n":null,"list":[1]})");
    EXPECT_EQ(error<int>(object, "/x"), "/x: expected a value, found none: the member is absent");
    EXPECT_EQ(error<int>(object, "/a/x"), "/a/x: expected a value, found none: the member is absent");
    EXPECT_EQ(error<int>(object, "/n/x"), "/n/x: expected a value, found none: the member is absent");
    EXPECT_EQ(error<int>(object, "/list/1"), "/list/1: expected a value, found none: the member is absent");
    EXPECT_EQ(error<int>(object, "/a/b/c"), "/a/b: expected an object, found an integer");
    EXPECT_EQ(error<int>(object, "/list/name"), "/list: expected an object, found an array");
    EXPECT_EQ(error<int>(parse_json("[]"), ""),
              "the JSON value: expected an integer from -2147483648 to 2147483647, found an array");
}

TEST(CheckedGet, FollowsJsonPointers) {
    auto const object = parse_json(R"({"":1,"a/b":2,"m~n":3,"list":[10,{"x":20}],"~1":4})");
    EXPECT_EQ(checked_get<int>(object, "/"), 1);
    EXPECT_EQ(checked_get<int>(object, "/a~1b"), 2);
    EXPECT_EQ(checked_get<int>(object, "/m~0n"), 3);
    EXPECT_EQ(checked_get<int>(object, "/~01"), 4);
    EXPECT_EQ(checked_get<int>(object, "/list/0"), 10);
    EXPECT_EQ(checked_get<int>(object, "/list/1/x"), 20);
    EXPECT_EQ(checked_get<int>(parse_json("5"), ""), 5);
    for (auto const* path : {"/list/00", "/list/-", "/list/+1", "/list/"}) {
        EXPECT_THROW(static_cast<void>(checked_get<int>(object, path)), CodecError) << path;
    }
    for (auto const* path : {"amount", "/a~", "/a~2"}) {
        EXPECT_THROW(static_cast<void>(checked_get<int>(object, path)), InvalidArgument) << path;
    }
}

TEST(CheckedGet, GivesNothingForAnAbsentOrNullOptional) {
    auto const object = parse_json(R"({"n":null,"v":7,"s":"x","in":{"n":null}})");
    EXPECT_EQ(checked_get<std::optional<int>>(object, "/x"), std::nullopt);
    EXPECT_EQ(checked_get<std::optional<int>>(object, "/n"), std::nullopt);
    EXPECT_EQ(checked_get<std::optional<int>>(object, "/n/deeper"), std::nullopt);
    EXPECT_EQ(checked_get<std::optional<int>>(object, "/x/deeper"), std::nullopt);
    EXPECT_EQ(checked_get<std::optional<int>>(object, "/v"), 7);
    EXPECT_NE(error<std::optional<int>>(object, "/s").find("/s: expected an integer"), std::string::npos);
    EXPECT_EQ(error<std::optional<int>>(object, "/s/deeper"), "/s: expected an object, found a string");
}

TEST(CheckedGet, ChecksEveryElementOfVectorsAndMaps) {
    auto const object =
        parse_json(R"({"list":[1,2,300],"nested":[[1],[2,-1]],"map":{"a":1,"b/c":256},"flags":[true],"none":[]})");
    EXPECT_EQ(checked_get<std::vector<int>>(object, "/list"), (std::vector{1, 2, 300}));
    EXPECT_EQ(checked_get<std::vector<bool>>(object, "/flags"), std::vector{true});
    EXPECT_TRUE(checked_get<std::vector<std::string>>(object, "/none").empty());
    EXPECT_EQ((checked_get<std::map<std::string, int>>(object, "/map")),
              (std::map<std::string, int>{{"a", 1}, {"b/c", 256}}));
    EXPECT_EQ((checked_get<std::unordered_map<std::string, int>>(object, "/map").size()), 2U);
    EXPECT_EQ(error<std::vector<std::uint8_t>>(object, "/list"),
              "/list/2: expected an integer from 0 to 255, found a larger one");
    EXPECT_NE(error<std::vector<std::vector<unsigned>>>(object, "/nested").find("/nested/1/1: expected"),
              std::string::npos);
    EXPECT_NE((error<std::map<std::string, std::uint8_t>>(object, "/map").find("/map/b~1c: expected")),
              std::string::npos);
    EXPECT_EQ(error<std::vector<int>>(object, "/map"), "/map: expected an array, found an object");
    EXPECT_EQ((error<std::map<std::string, int>>(object, "/list")), "/list: expected an object, found an array");
    EXPECT_EQ(checked_get<std::vector<std::optional<int>>>(parse_json("[null,1]"), "").size(), 2U);
}

TEST(CheckedGet, ReadsIdsAndTimes) {
    auto const object =
        parse_json(R"({"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","at":"2026-01-01T00:00:00Z","n":1})");
    EXPECT_EQ(to_string(checked_get<event_sourcing::Uuid>(object, "/id")), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    EXPECT_EQ(checked_get<event_sourcing::Timestamp>(object, "/at"),
              event_sourcing::parse_timestamp("2026-01-01T00:00:00Z"));
    EXPECT_EQ(error<event_sourcing::Uuid>(object, "/at"), "/at: expected a UUID, found another string");
    EXPECT_EQ(error<event_sourcing::Timestamp>(object, "/n"), "/n: expected an RFC 3339 time, found an integer");
}

TEST(CheckedGet, ContinuesThePathIntoTypesOfTheUser) {
    auto const object = parse_json(R"({"price":{"cents":1.5,"currency":"EUR"},"plain":{"number":"x"},)"
                                   R"("list":[{"cents":1,"currency":"EUR"},{"cents":2}]})");
    EXPECT_EQ(error<Money>(object, "/price").find("/price/cents: expected an integer"), 0U);
    EXPECT_EQ(error<std::vector<Money>>(object, "/list"),
              "/list/1/currency: expected a value, found none: the member is absent");
    EXPECT_EQ(error<Plain>(object, "/plain").find("/plain: [json.exception.type_error.302]"), 0U);
    EXPECT_EQ(error<Plain>(object, "/price").find("/price: [json.exception.out_of_range.403]"), 0U);
    EXPECT_EQ(error<Money>(object.at("price"), "").find("/cents: expected an integer"), 0U);
    EXPECT_EQ(checked_get<json>(object, "/price/currency"), json("EUR"));
}

TEST(CheckedGet, NeverNarrowsAnEnumeration) {
    EXPECT_EQ(checked_get<Colour>(parse_json("1"), ""), Colour::green);
    EXPECT_NE(error<Colour>(parse_json("257"), "").find("from 0 to 255"), std::string::npos);
}

TEST(CheckedGet, NeverPutsTheValueIntoTheMessage) {
    auto const object = parse_json(R"({"secret":"hunter2","card":4111111111111111})");
    EXPECT_EQ(error<int>(object, "/secret").find("hunter2"), std::string::npos);
    EXPECT_EQ(error<int>(object, "/card").find("4111"), std::string::npos);
    EXPECT_EQ(error<event_sourcing::Uuid>(object, "/secret").find("hunter2"), std::string::npos);
}

}  // namespace
