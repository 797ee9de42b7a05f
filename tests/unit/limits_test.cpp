#include "support/thrown.hpp"

#include <event_sourcing/limits.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace event_sourcing;
using namespace std::string_literals;

NewEvent deposited(std::string data = R"({"amount":1})") {
    return {.event_type = "MoneyDeposited", .data = std::move(data)};
}

void check_entry(AggregateRef aggregate, std::vector<NewEvent> const& events, Limits const& limits = {}) {
    AppendEntry const entry{aggregate, ExpectedVersion::any(), events};
    check_request({.entries = {&entry, 1}}, limits);
}
void check(NewEvent event, Limits const& limits = {}) {
    check_entry({"Account", "alice"}, std::vector{std::move(event)}, limits);
}

TEST(CheckRequest, AcceptsAnOrdinaryRequestAndACheck) {
    EXPECT_NO_THROW(check(deposited()));
    EXPECT_NO_THROW(check_entry({"Account", "alice"}, {}));
}

TEST(CheckRequest, RefusesNoEntries) { EXPECT_THROW(check_request({}, {}), InvalidArgument); }

TEST(CheckRequest, AcceptsFingerprintsUpToTheLimitAndNotBeyond) {
    auto event = deposited();
    event.fingerprint = std::string(255, 'f');
    EXPECT_NO_THROW(check(event));
    event.fingerprint += 'f';
    EXPECT_THROW(check(event), PayloadTooLarge);
}

TEST(CheckRequest, AcceptsNamesUpToTheLimitAndNotBeyond) {
    EXPECT_NO_THROW(check_entry({std::string(100, 't'), std::string(255, 'i')}, {}));
    EXPECT_THROW(check_entry({std::string(101, 't'), "i"}, {}), InvalidArgument);
    EXPECT_THROW(check_entry({"t", std::string(256, 'i')}, {}), InvalidArgument);
    EXPECT_THROW(check_entry({"", "i"}, {}), InvalidArgument);
    EXPECT_THROW(check_entry({"t", ""}, {}), InvalidArgument);

    auto event = deposited();
    event.event_type = std::string(100, 'e');
    EXPECT_NO_THROW(check(event));
    event.event_type += 'e';
    EXPECT_THROW(check(event), InvalidArgument);
    event.event_type.clear();
    EXPECT_THROW(check(event), InvalidArgument);
}

TEST(CheckRequest, RefusesNamesThatAreNoUtf8OrHoldNul) {
    EXPECT_NO_THROW(check_entry({"Kunde", "M\xC3\xBCller \xF0\x9F\x8E\x89"}, {}));
    EXPECT_THROW(check_entry({"Account", "a\0b"s}, {}), InvalidArgument);
    EXPECT_THROW(check_entry({"Account", "\xFF"}, {}), InvalidArgument);
    EXPECT_THROW(check_entry({"Account", "\xC3"}, {}), InvalidArgument);
    EXPECT_THROW(check_entry({"Account", "\xED\xA0\x80"}, {}), InvalidArgument) << "half a surrogate pair";
    EXPECT_THROW(check_entry({"a\0b"s, "alice"}, {}), InvalidArgument);
}

TEST(CheckRequest, LimitsTheBytesOfData) {
    Limits const limits{.data_bytes = 10};
    EXPECT_NO_THROW(check(deposited("[12345678]"), limits));
    EXPECT_THROW(check(deposited("[123456789]"), limits), PayloadTooLarge);

    auto binary = deposited(std::string(10, '\0'));
    binary.format = DataFormat::binary;
    EXPECT_NO_THROW(check(binary, limits));
    binary.data += '\xFF';
    EXPECT_THROW(check(binary, limits), PayloadTooLarge);
}

TEST(CheckRequest, RefusesDataThatIsNoStrictJson) {
    for (auto const& text : {""s, "{"s, "{\"a\":1,\"a\":2}"s, "\"\xFF\""s, "nul"s, "{} x"s}) {
        EXPECT_THROW(check(deposited(text)), InvalidArgument) << text;
    }
    EXPECT_NO_THROW(check(deposited(std::string(64, '[') + std::string(64, ']'))));
    EXPECT_THROW(check(deposited(std::string(65, '[') + std::string(65, ']'))), InvalidArgument);
    EXPECT_THROW(check(deposited(std::string(100'000, '[') + std::string(100'000, ']'))), InvalidArgument);
}

TEST(CheckRequest, WantsMetadataToBeAJsonObjectWithinItsLimits) {
    auto event = deposited();
    for (auto const& text : {R"({"a":1})"s, " \t\r\n{}"s, ""s}) {
        event.metadata = text;
        EXPECT_NO_THROW(check(event)) << text;
    }
    for (auto const& text : {"[]"s, "null"s, "\"{\""s, "{"s, " "s}) {
        event.metadata = text;
        EXPECT_THROW(check(event), InvalidArgument) << text;
    }
    event.metadata = R"({"a":")" + std::string(16 * 1024 - 8, 'x') + "\"}";
    EXPECT_NO_THROW(check(event));
    event.metadata.insert(6, 1, 'x');
    EXPECT_THROW(check(event), PayloadTooLarge);
}

TEST(CheckRequest, WantsASchemaVersionFromOneAndATimeThatCanBeWritten) {
    auto event = deposited();
    event.schema_version = 0;
    EXPECT_THROW(check(event), InvalidArgument);
    event.schema_version = 1;
    event.timestamp = parse_timestamp("9999-12-31T23:59:59.999999Z");
    EXPECT_NO_THROW(check(event));
    *event.timestamp += std::chrono::microseconds{1};
    EXPECT_THROW(check(event), InvalidArgument);
}

TEST(CheckRequest, LimitsTheAggregatesOfARequest) {
    std::vector<std::string> ids;
    for (int i = 0; i < 129; ++i) {
        ids.push_back(std::to_string(i));
    }
    std::vector<AppendEntry> entries;
    for (auto const& id : ids) {
        entries.push_back({.aggregate = {"Account", id}});
    }
    EXPECT_THROW(check_request({.entries = entries}, {}), InvalidArgument);
    entries.pop_back();
    EXPECT_NO_THROW(check_request({.entries = entries}, {}));
}

TEST(CheckRequest, LimitsTheEventsAndBytesOfARequest) {
    Limits const few{.events = 3};
    std::vector<NewEvent> events(3, deposited());
    EXPECT_NO_THROW(check_entry({"Account", "alice"}, events, few));
    events.push_back(deposited());
    EXPECT_THROW(check_entry({"Account", "alice"}, events, few), InvalidArgument);

    Limits const small{.request_bytes = 48};
    EXPECT_NO_THROW(check_entry({"Account", "alice"}, events, small)) << "four times the 12 bytes of data";
    events.back().metadata = "{}";
    EXPECT_THROW(check_entry({"Account", "alice"}, events, small), PayloadTooLarge);
}

TEST(CheckRequest, RefusesAnAggregateThatStandsTwiceAndNamesIt) {
    std::vector<AppendEntry> const entries{{.aggregate = {"Account", "alice"}},
                                           {.aggregate = {"Account", "bob"}},
                                           {.aggregate = {"Order", "alice"}},
                                           {.aggregate = {"Account", "alice"}}};
    expect_words(message_of<InvalidArgument>([&] { return check_request({.entries = entries}, {}), 0; }),
                 "Account/alice", "twice");
    EXPECT_NO_THROW(check_request({.entries = std::span{entries}.first(3)}, {}));
}

TEST(Limits, MayBeLoweredAndNotRaised) {
    EXPECT_EQ(lowered({}), Limits{});
    EXPECT_EQ(lowered({.json_depth = 3}).json_depth, 3U);
    expect_words(message_of<InvalidArgument>([] { return lowered({.data_bytes = 512 * 1024 + 1}); }), "data_bytes",
                 "524289", "524288");
    EXPECT_THROW(static_cast<void>(lowered({.type_bytes = 101})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(lowered({.id_bytes = 256})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(lowered({.metadata_bytes = 16 * 1024 + 1})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(lowered({.json_depth = 65})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(lowered({.fingerprint_bytes = 256})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(lowered({.entries = 129})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(lowered({.events = 10'001})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(lowered({.request_bytes = 16 * 1024 * 1024 + 1})), InvalidArgument);
}

}  // namespace
