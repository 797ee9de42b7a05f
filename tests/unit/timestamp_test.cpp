#include <event_sourcing/error.hpp>
#include <event_sourcing/timestamp.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace {

using event_sourcing::InvalidArgument;
using event_sourcing::parse_timestamp;
using event_sourcing::Timestamp;
using event_sourcing::try_parse_timestamp;
using namespace std::chrono_literals;

std::string normal(std::string_view text) { return event_sourcing::to_string(parse_timestamp(text)); }

std::int64_t count(std::string_view text) { return parse_timestamp(text).time_since_epoch().count(); }

TEST(Timestamp, CountsMicrosecondsSince1970) {
    EXPECT_EQ(count("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(count("1970-01-01T00:00:00.000001Z"), 1);
    EXPECT_EQ(count("1969-12-31T23:59:59.999999Z"), -1);
    EXPECT_EQ(count("2026-11-24T12:34:56.789012Z"), 1'795'523'696'789'012);
    static_assert(try_parse_timestamp("2000-01-01T00:00:00Z") == Timestamp{946'684'800s}, "usable at compile time");
}

TEST(Timestamp, PrintsTheFewestFractionDigitsThatLoseNothing) {
    EXPECT_EQ(normal("2026-01-31T01:02:03Z"), "2026-01-31T01:02:03Z");
    EXPECT_EQ(normal("2026-01-31T01:02:03.5Z"), "2026-01-31T01:02:03.500Z");
    EXPECT_EQ(normal("2026-01-31T01:02:03.120Z"), "2026-01-31T01:02:03.120Z");
    EXPECT_EQ(normal("2026-01-31T01:02:03.120400Z"), "2026-01-31T01:02:03.120400Z");
    EXPECT_EQ(normal("2026-01-31T01:02:03.000000Z"), "2026-01-31T01:02:03Z");
    EXPECT_EQ(normal("1969-12-31T23:59:59.001Z"), "1969-12-31T23:59:59.001Z");
}

TEST(Timestamp, CutsNanosecondsAndNeverRounds) {
    EXPECT_EQ(normal("2026-01-31T23:59:59.999999999Z"), "2026-01-31T23:59:59.999999Z");
    EXPECT_EQ(normal("1969-12-31T23:59:59.999999999Z"), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(normal("1901-02-03T04:05:06.0000009Z"), "1901-02-03T04:05:06Z");
    EXPECT_EQ(normal("2026-01-31T00:00:00.1234567Z"), "2026-01-31T00:00:00.123456Z");
}

TEST(Timestamp, ConvertsOffsetsToUtc) {
    EXPECT_EQ(normal("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00Z");
    EXPECT_EQ(normal("2025-12-31T23:30:00-00:45"), "2026-01-01T00:15:00Z");
    EXPECT_EQ(normal("2026-01-01T00:00:00.25+23:59"), "2025-12-31T00:01:00.250Z");
    EXPECT_EQ(normal("2026-01-01T00:00:00-00:00"), "2026-01-01T00:00:00Z");
}

TEST(Timestamp, KnowsTheCalendar) {
    for (auto const* good : {"2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "0000-02-29T00:00:00Z",
                             "2026-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
        EXPECT_EQ(normal(good), good);
    }
    for (auto const* bad :
         {"2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-00-10T00:00:00Z",
          "2026-13-10T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z"}) {
        EXPECT_FALSE(try_parse_timestamp(bad)) << bad;
    }
}

TEST(Timestamp, RefusesEveryOtherForm) {
    std::string const good = "2026-01-31T12:34:56.789+01:30";
    ASSERT_TRUE(try_parse_timestamp(good));
    std::vector<std::string> bad{"2026-01-31t12:34:56Z",       "2026-01-31T12:34:56z",
                                 "2026-01-31 12:34:56Z",       "2026-01-31T12:34:56",
                                 "2026-01-31T12:34Z",          "2026-01-31",
                                 "2026-01-31T24:00:00Z",       "2026-01-31T12:60:00Z",
                                 "2026-12-31T23:59:60Z",       "2026-01-31T12:34:56.Z",
                                 "2026-01-31T12:34:56,5Z",     "2026-01-31T12:34:56.1234567890Z",
                                 "2026-01-31T12:34:56+0100",   "2026-01-31T12:34:56+01",
                                 "2026-01-31T12:34:56+24:00",  "2026-01-31T12:34:56+01:60",
                                 "2026-01-31T12:34:56 01:00",  "2026-01-31T12:34:56Z ",
                                 " 2026-01-31T12:34:56Z",      "2026-01-31T12:34:56ZZ",
                                 "2026-01-31T12:34:56+01:00Z", "2026-1-31T12:34:56Z",
                                 "+2026-01-31T12:34:56Z",      "-026-01-31T12:34:56Z",
                                 "12026-01-31T12:34:56Z",      "2026-01-31T12:34:56.-5Z",
                                 "20260131T123456Z",           std::string("2026-01-31T12:34:56Z\0", 21)};
    for (std::size_t length = 0; length < good.size(); ++length) {
        bad.push_back(good.substr(0, length));
    }
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (char const c : {'/', ';', 'x', ' ', '\0'}) {
            bad.push_back(good);
            bad.back()[i] = c;
        }
    }
    for (auto const& text : bad) {
        EXPECT_FALSE(try_parse_timestamp(text)) << text;
        EXPECT_THROW(static_cast<void>(parse_timestamp(text)), InvalidArgument) << text;
    }
}

TEST(Timestamp, RefusesWhatLeavesTheYears0000To9999InUtc) {
    EXPECT_FALSE(try_parse_timestamp("0000-01-01T00:00:00+00:01"));
    EXPECT_FALSE(try_parse_timestamp("9999-12-31T23:59:59-00:01"));
    EXPECT_TRUE(try_parse_timestamp("0000-01-01T00:00:00-00:01"));
    EXPECT_THROW(static_cast<void>(event_sourcing::to_string(Timestamp::max())), InvalidArgument);
    EXPECT_THROW(static_cast<void>(event_sourcing::to_string(Timestamp::min())), InvalidArgument);
    EXPECT_THROW(static_cast<void>(event_sourcing::to_string(parse_timestamp("9999-12-31T23:59:59.999999Z") + 1us)),
                 InvalidArgument);
}

TEST(Timestamp, RoundTripsAcrossAllYears) {
    auto const last = parse_timestamp("9999-12-31T23:59:59.999999Z");
    std::size_t tried = 0;
    for (auto time = parse_timestamp("0000-01-01T00:00:00Z"); time < last;
         time += 97h + 13min + 7s + 123'457us, ++tried) {
        ASSERT_EQ(parse_timestamp(event_sourcing::to_string(time)), time) << time.time_since_epoch().count();
    }
    EXPECT_GT(tried, 800'000U);
}

TEST(Timestamp, ErrorQuotesTheInput) {
    try {
        static_cast<void>(parse_timestamp("yesterday"));
        FAIL();
    } catch (InvalidArgument const& e) {
        EXPECT_NE(std::string_view{e.what()}.find("\"yesterday\""), std::string_view::npos) << e.what();
    }
}

}  // namespace
