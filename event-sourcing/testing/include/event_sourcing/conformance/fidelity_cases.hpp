#pragma once

#include <event_sourcing/conformance/case.hpp>
#include <event_sourcing/conformance/detail/material.hpp>
#include <event_sourcing/limits.hpp>

#include <gtest/gtest.h>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance {
namespace detail {

/// Stores one event and reads it back.
[[nodiscard]] inline RecordedEvent stored(StoreFixture& fixture, NewEvent const& one, AggregateRef aggregate = alice) {
    append(fixture.store(), aggregate, ExpectedVersion::any(), {one});
    return last_of(history(fixture.store(), aggregate));
}

/// Expects that the event is refused and that nothing is stored.
template <class Refusal = InvalidArgument>
void expect_refused(StoreFixture& fixture, NewEvent const& one, AggregateRef aggregate = alice) {
    EXPECT_THROW(append(fixture.store(), aggregate, ExpectedVersion::any(), {one}), Refusal);
    EXPECT_TRUE(everything(fixture.store()).empty());
}

[[nodiscard]] inline NewEvent with_metadata(std::string metadata) {
    auto out = event();
    out.metadata = std::move(metadata);
    return out;
}
[[nodiscard]] inline NewEvent binary(std::string bytes) {
    auto out = event(std::move(bytes));
    out.format = DataFormat::binary;
    return out;
}
/// A JSON string of so many bytes, quotes included.
[[nodiscard]] inline std::string json_string(std::size_t bytes) { return "\"" + std::string(bytes - 2, 'x') + "\""; }
/// Arrays in each other.
[[nodiscard]] inline std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }
[[nodiscard]] inline std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

}  // namespace detail

/// Group D: what was given comes back as it was, and what is beyond the limits is refused.
///
/// Only for adapters whose storage can be prepared, and kept with them: D18 (versions above 2^31). D10 reads: JSON is
/// kept as text, byte for byte.
[[nodiscard]] inline Cases fidelity_cases() {
    using namespace detail;
    return in_group(
        "Fidelity",
        {
            {"D01", "AllBytesOfBinaryDataComeBack",
             [](StoreFixture& fixture) {
                 std::string bytes;
                 for (int byte = 0; byte < 256; ++byte) {
                     bytes.push_back(static_cast<char>(byte));
                 }
                 auto const back = stored(fixture, binary(bytes));
                 EXPECT_EQ(back.data, bytes);
                 EXPECT_EQ(back.format, DataFormat::binary);
             }},
            {"D02", "EmptyBinaryDataIsData",
             [](StoreFixture& fixture) {
                 auto const back = stored(fixture, binary(""));
                 EXPECT_EQ(back.data, "");
                 EXPECT_EQ(back.format, DataFormat::binary);
             }},
            {"D03", "EmptyMetadataObjectStaysOne",
             [](StoreFixture& fixture) { EXPECT_EQ(stored(fixture, with_metadata("{}")).metadata, "{}"); }},
            {"D04", "UnicodeComesBackUnchanged",
             [](StoreFixture& fixture) {
                 std::string const composed = "\xC3\xA9";     // é as one character
                 std::string const decomposed = "e\xCC\x81";  // e with a combining accent
                 std::string const emoji = "\xF0\x9F\x98\x80";
                 AggregateRef const first{composed, composed};
                 AggregateRef const second{composed, decomposed};
                 auto const one = event("{\"" + emoji + "\":\"" + composed + decomposed + "\"}", emoji);
                 EXPECT_EQ(stored(fixture, event("{}", decomposed), second).event_type, decomposed);
                 auto const back = stored(fixture, one, first);
                 EXPECT_EQ(back.version, Version{1});
                 EXPECT_EQ(back.aggregate(), first);
                 EXPECT_EQ(back.event_type, emoji);
                 EXPECT_EQ(back.data, one.data);
             }},
            {"D05", "QuotesAndWildcardsAreOrdinaryCharacters",
             [](StoreFixture& fixture) {
                 std::string const odd = R"('"\%_;--$1)";
                 auto one = event(R"({"'\"\\%;--":"'\"\\%_;--$1"})", odd);
                 one.metadata = R"({"'":"\\%;--"})";
                 auto const back = stored(fixture, one, {odd, odd});
                 EXPECT_EQ(back.aggregate(), (AggregateRef{odd, odd}));
                 EXPECT_EQ(back.event_type, odd);
                 EXPECT_EQ(back.data, one.data);
                 EXPECT_EQ(back.metadata, one.metadata);
             }},
            {"D06", "EscapedNulInJsonComesBack",
             [](StoreFixture& fixture) {
                 std::string const data = R"({"text":"a\u0000b"})";
                 EXPECT_EQ(stored(fixture, event(data)).data, data);
             }},
            {"D07", "InvalidUtf8InJsonIsRefused",
             [](StoreFixture& fixture) { expect_refused(fixture, event("{\"text\":\"\xC3\x28\"}")); }},
            {"D08", "HalfASurrogatePairIsRefused",
             [](StoreFixture& fixture) { expect_refused(fixture, event(R"({"text":"\ud83d"})")); }},
            {"D09", "LargeIntegersStayExact",
             [](StoreFixture& fixture) {
                 std::string const data =
                     R"({"n":[-9223372036854775808,9223372036854775807,9007199254740993,18446744073709551615]})";
                 EXPECT_EQ(stored(fixture, event(data)).data, data);
             }},
            {"D10", "JsonIsKeptAsText",
             [](StoreFixture& fixture) {
                 std::string const data = "{ \"b\" : 1.10, \"a\":1e400,\n\t\"z\":-0, \"\\u0041\":\"\\/\" }";
                 EXPECT_EQ(stored(fixture, event(data)).data, data);
             }},
            {"D11", "TimestampKeepsItsMicroseconds",
             [](StoreFixture& fixture) {
                 auto one = event();
                 one.timestamp = parse_timestamp("2024-02-29T23:59:59.123457Z");
                 EXPECT_EQ(stored(fixture, one).timestamp, one.timestamp);
             }},
            {"D12", "TimesOfTheCallerNeedNotRise",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector<Timestamp> const times{parse_timestamp("2030-01-01T00:00:00Z"),
                                                    parse_timestamp("1969-07-20T20:17:40.000001Z"),
                                                    parse_timestamp("2001-01-01T00:00:00Z")};
                 for (auto const time : times) {
                     auto one = event();
                     one.timestamp = time;
                     append(store, alice, ExpectedVersion::any(), {one});
                 }
                 std::vector<Timestamp> back;
                 for (auto const& one : history(store, alice)) {
                     back.push_back(one.timestamp);
                 }
                 EXPECT_EQ(back, times);
             }},
            {"D13", "AllMembersComeBack",
             [](StoreFixture& fixture) {
                 auto one = event(R"({"amount":100})", "Deposited");
                 one.schema_version = 3;
                 one.metadata = R"({"correlation_id":"0191e0c5-5a3c-7e63-8a4f-3d5a7c2b1f00","headers":{"user":"u1"}})";
                 auto const back = stored(fixture, one);
                 EXPECT_EQ(back.id, one.id);
                 EXPECT_EQ(back.aggregate(), alice);
                 EXPECT_EQ(back.event_type, "Deposited");
                 EXPECT_EQ(back.schema_version, 3);
                 EXPECT_EQ(back.version, Version{1});
                 EXPECT_GT(back.position, Position{});
                 EXPECT_GT(back.timestamp, Timestamp{});
                 EXPECT_EQ(back.format, DataFormat::json);
                 EXPECT_EQ(back.metadata, one.metadata);
                 EXPECT_EQ(back.data, one.data);
             }},
            {"D14", "NoMetadataIsEmpty",
             [](StoreFixture& fixture) { EXPECT_EQ(stored(fixture, event()).metadata, ""); }},
            {"D15", "LongestNamesAreAccepted",
             [](StoreFixture& fixture) {
                 std::string const type = repeated("\xC3\xA9", 50);
                 std::string const id = repeated("\xE2\x82\xAC", 85);
                 auto const back = stored(fixture, event("{}", type), {type, id});
                 EXPECT_EQ(back.aggregate(), (AggregateRef{type, id}));
                 EXPECT_EQ(back.event_type, type);
             }},
            {"D16", "LargestDataIsAccepted",
             [](StoreFixture& fixture) {
                 auto const json = event(json_string(Limits{}.data_bytes));
                 auto const bytes = binary(std::string(Limits{}.data_bytes, '\xFF'));
                 EXPECT_EQ(stored(fixture, json).data, json.data);
                 EXPECT_EQ(stored(fixture, bytes).data, bytes.data);
             }},
            {"D17", "LargestNumberOfEventsIsAccepted",
             [](StoreFixture& fixture) { EXPECT_EQ(fill(fixture.store(), alice, 10'000).version, Version{10'000}); }},
            {"D19", "DeepestJsonIsAccepted",
             [](StoreFixture& fixture) { EXPECT_EQ(stored(fixture, event(nested(64))).data, nested(64)); }},
            {"D20", "KeyTwiceInAnObjectIsRefused",
             [](StoreFixture& fixture) { expect_refused(fixture, event(R"({"amount":1,"amount":1000000})")); }},
            {"D21", "TextThatIsNoJsonIsRefused",
             [](StoreFixture& fixture) {
                 for (auto const* const text : {"", "{", "{\"a\":}", "nul", "{} {}", "{'a':1}", "[1,]", "01"}) {
                     expect_refused(fixture, event(text));
                 }
             }},
            {"D22", "MetadataThatIsNoObjectIsRefused",
             [](StoreFixture& fixture) {
                 for (auto const* const text : {"[]", "1", "null", "{", "\"text\""}) {
                     expect_refused(fixture, with_metadata(text));
                 }
             }},
            {"D23", "LongerNamesAreRefused",
             [](StoreFixture& fixture) {
                 expect_refused(fixture, event(), {std::string(101, 't'), "a"});
                 expect_refused(fixture, event(), {"T", std::string(256, 'a')});
                 expect_refused(fixture, event("{}", std::string(101, 'e')));
             }},
            {"D24", "EmptyNamesAreRefused",
             [](StoreFixture& fixture) {
                 expect_refused(fixture, event(), {"", "a"});
                 expect_refused(fixture, event(), {"T", ""});
                 expect_refused(fixture, event("{}", ""));
             }},
            {"D25", "NamesWithNulOrInvalidUtf8AreRefused",
             [](StoreFixture& fixture) {
                 for (auto const& odd : {std::string{"a\0b", 3}, std::string{"a\xFF"}, std::string{"\xED\xA0\x80"}}) {
                     expect_refused(fixture, event(), {odd, "a"});
                     expect_refused(fixture, event(), {"T", odd});
                     expect_refused(fixture, event("{}", odd));
                 }
             }},
            {"D26", "LargerDataIsTooLarge",
             [](StoreFixture& fixture) {
                 expect_refused<PayloadTooLarge>(fixture, event(json_string(Limits{}.data_bytes + 1)));
                 expect_refused<PayloadTooLarge>(fixture, binary(std::string(Limits{}.data_bytes + 1, 'x')));
             }},
            {"D27", "LargestMetadataIsAccepted",
             [](StoreFixture& fixture) {
                 auto const one = with_metadata("{\"a\":" + json_string(Limits{}.metadata_bytes - 6) + "}");
                 EXPECT_EQ(one.metadata.size(), Limits{}.metadata_bytes);
                 EXPECT_EQ(stored(fixture, one).metadata, one.metadata);
             }},
            {"D28", "LargerMetadataIsTooLarge",
             [](StoreFixture& fixture) {
                 expect_refused<PayloadTooLarge>(
                     fixture, with_metadata("{\"a\":" + json_string(Limits{}.metadata_bytes - 5) + "}"));
             }},
            {"D29", "MoreEventsAreRefused",
             [](StoreFixture& fixture) {
                 auto const batch = events(10'001);
                 EXPECT_THROW(append(fixture.store(), alice, ExpectedVersion::any(), batch), InvalidArgument);
                 EXPECT_TRUE(everything(fixture.store()).empty());
             }},
            {"D30", "LargestNumberOfAggregatesIsAcceptedAndOneMoreRefused",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 std::vector<std::string> names;
                 for (int i = 0; i < 129; ++i) {
                     names.push_back("a" + std::to_string(i));
                 }
                 auto const batches = [](std::size_t count) {
                     std::vector<std::vector<NewEvent>> out;
                     for (std::size_t i = 0; i < count; ++i) {
                         out.push_back(events(1));
                     }
                     return out;
                 };
                 auto const request = [&names](std::vector<std::vector<NewEvent>> const& given) {
                     std::vector<AppendEntry> out;
                     for (std::size_t i = 0; i < given.size(); ++i) {
                         out.push_back({{"Account", names[i]}, ExpectedVersion::any(), given[i]});
                     }
                     return out;
                 };
                 auto const over = batches(129);
                 EXPECT_THROW(detail::append(store, request(over)), InvalidArgument);
                 EXPECT_TRUE(everything(store).empty());
                 auto const most = batches(128);
                 EXPECT_EQ(detail::append(store, request(most)).entries.size(), 128U);
                 EXPECT_EQ(everything(store).size(), 128U);
             }},
            {"D31", "LargestRequestIsAcceptedAndOneByteMoreIsTooLarge",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto batch = events(32);
                 for (auto& one : batch) {
                     one.data = json_string(Limits{}.data_bytes);
                 }
                 batch.push_back(event("1"));
                 EXPECT_THROW(append(store, alice, ExpectedVersion::any(), batch), PayloadTooLarge);
                 EXPECT_EQ(version_of(store, alice), Version{});
                 batch.pop_back();
                 EXPECT_EQ(append(store, alice, ExpectedVersion::any(), batch).version, Version{32});
             }},
            {"D32", "DeeperJsonIsRefusedHoweverDeep",
             [](StoreFixture& fixture) {
                 expect_refused(fixture, event(nested(65)));
                 expect_refused(fixture, event(nested(100'000)));
             }},
            {"D33", "SchemaVersionZeroIsRefused",
             [](StoreFixture& fixture) {
                 auto one = event();
                 one.schema_version = 0;
                 expect_refused(fixture, one);
             }},
            {"D34", "JsonNeedNotBeAnObject",
             [](StoreFixture& fixture) {
                 for (std::string const data : {"1", "\"text\"", "null", "[1,2]", "true"}) {
                     EXPECT_EQ(stored(fixture, event(data)).data, data);
                 }
             }},
            {"D35", "RefusedEventTakesItsWholeRequestWithIt",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 EXPECT_THROW(detail::append(store, {{alice, ExpectedVersion::any(), events(2)},
                                                     {bob, ExpectedVersion::any(), std::vector{event(), event("{")}}}),
                              InvalidArgument);
                 EXPECT_TRUE(everything(store).empty());
             }},
            {"D36", "CallersTimeDoesNotSpreadToTheOthers",
             [](StoreFixture& fixture) {
                 auto& store = fixture.store();
                 auto imported = event();
                 imported.timestamp = parse_timestamp("1999-12-31T23:59:59Z");
                 append(store, alice, ExpectedVersion::any(), {imported, event()});
                 auto const back = history(store, alice);
                 EXPECT_EQ(back.at(0).timestamp, imported.timestamp);
                 EXPECT_GT(back.at(1).timestamp, *imported.timestamp);
             }},
        });
}

}  // namespace conformance
EVENT_SOURCING_END_NAMESPACE
