#include "support/account.hpp"
#include "support/records.hpp"
#include "support/thrown.hpp"

#include <event_sourcing/event_envelope_json.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace event_sourcing;
using namespace std::string_literals;

/// As event-sourcing-rs writes it: version 0 is the first, no schema_version, metadata or position.
constexpr std::string_view original =
    R"({"id":"11112222-3333-4444-8555-000000000002","aggregate_id":"e69798e0","aggregate_type":"BankAccount",)"
    R"("data":{"Deposit":{"id":"e69798e0","amount":5}},"event_type":"Deposit","version":1,"timestamp":"2022-11-26T17:42:21.120Z"})";

/// The envelope above with one piece of its text replaced.
std::string with(std::string_view piece, std::string_view replacement) {
    std::string text{original};
    auto const at = text.find(piece);
    EXPECT_NE(at, std::string::npos) << piece;
    return text.replace(at, piece.size(), replacement);
}

RecordedEvent event_with_data(std::string data) {
    auto event = records::event("Deposit", 2, std::move(data));
    event.timestamp = parse_timestamp("2026-01-31T12:00:00.123456Z");
    event.metadata = R"({ "command_id" : 1.50 })";
    return event;
}

TEST(EnvelopeJson, IsTheFlatObjectWithWhatThereIs) {
    EXPECT_EQ(
        write_envelope(event_with_data(R"({"amount":5})")),
        R"({"id":"00000000-0000-4000-8000-0000000000aa","aggregate_id":"alice","aggregate_type":"Account","data":{"amount":5},)"
        R"("event_type":"Deposit","version":7,"timestamp":"2026-01-31T12:00:00.123456Z","schema_version":2,)"
        R"("metadata":{ "command_id" : 1.50 },"position":42})");
    auto event = event_with_data("{}");
    event.metadata.clear();
    event.position = Position{};
    auto const text = write_envelope(event);
    EXPECT_EQ(text.find("metadata"), std::string::npos);
    EXPECT_EQ(text.find("position"), std::string::npos);
}

TEST(EnvelopeJson, KeepsDataAndMetadataByteForByte) {
    for (auto const& data :
         {R"({"amount":9223372036854775807,"other":-9223372036854775808})"s, R"({ "b" : 1.10, "a":1E+2 })"s,
          R"("text")"s, "null"s, "[ ]"s, "18446744073709551616"s, R"({"a":"\u0000\u00e9\/"})"s,
          "\"\xC3\xA9\xF0\x9F\x8E\x89\""s, "{}"s, R"({"position":1,"data":{"data":2},"}":"\"{"})"s}) {
        auto const event = event_with_data(data);
        EXPECT_EQ(read_envelope(write_envelope(event)), event) << data;
        EXPECT_EQ(read_envelope(write_envelope(to_view(event))), event) << data;
    }
}

TEST(EnvelopeJson, KeepsAwkwardNames) {
    auto event = event_with_data("1");
    event.aggregate_id = "a\"\\\n\t\x01\x7F/\xC3\xA9\xF0\x9F\x8E\x89\xE2\x80\xA8";
    event.aggregate_type = "T\b\f\r";
    event.event_type = "\\u0041";
    EXPECT_EQ(read_envelope(write_envelope(event)), event);
}

TEST(EnvelopeJson, KeepsTheExtremesOf64Bits) {
    auto event = event_with_data("1");
    event.version = Version{std::numeric_limits<std::int64_t>::max()};
    event.position = Position{std::numeric_limits<std::int64_t>::max()};
    event.schema_version = std::numeric_limits<int>::max();
    event.timestamp = parse_timestamp("0000-01-01T00:00:00.000001Z");
    EXPECT_EQ(read_envelope(write_envelope(event)), event);
}

TEST(EnvelopeJson, CarriesBinaryDataAsBase64) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(static_cast<unsigned char>(i));
    }
    auto event = event_with_data(bytes);
    event.format = DataFormat::binary;
    auto const text = write_envelope(event);
    EXPECT_NE(text.find("\"data_base64\":\"AAEC"), std::string::npos) << text;
    EXPECT_EQ(text.find("\"data\":"), std::string::npos) << text;
    EXPECT_EQ(read_envelope(text), event);

    event.data.clear();
    EXPECT_EQ(read_envelope(write_envelope(event)), event);
}

TEST(EnvelopeJson, ReadsWhatEventSourcingRsWrites) {
    auto const event = read_envelope(original, {.first_version = 0});
    EXPECT_EQ(event.id, Uuid::parse("11112222-3333-4444-8555-000000000002"));
    EXPECT_EQ(event.aggregate(), (AggregateRef{"BankAccount", "e69798e0"}));
    EXPECT_EQ(event.event_type, "Deposit");
    EXPECT_EQ(event.data, R"({"Deposit":{"id":"e69798e0","amount":5}})");
    EXPECT_EQ(event.version, Version{2}) << "counted from 1";
    EXPECT_EQ(to_string(event.timestamp), "2022-11-26T17:42:21.120Z");
    EXPECT_EQ(event.schema_version, 1);
    EXPECT_EQ(event.position, Position{0});
    EXPECT_EQ(event.format, DataFormat::json);
    EXPECT_TRUE(event.metadata.empty());
}

TEST(EnvelopeJson, ShiftsVersionsByWhereTheyStartWithoutOverflow) {
    auto const version = [](std::string const& number, std::int64_t first) {
        return read_envelope(with("\"version\":1", "\"version\":" + number), {.first_version = first}).version;
    };
    EXPECT_EQ(version("0", 0), Version{1});
    EXPECT_EQ(version("1", 1), Version{1});
    EXPECT_EQ(version("10", 10), Version{1});
    EXPECT_EQ(version("9223372036854775807", 1), Version{std::numeric_limits<std::int64_t>::max()});
    EXPECT_EQ(version("9223372036854775806", 0), Version{std::numeric_limits<std::int64_t>::max()});
    EXPECT_EQ(version("-9223372036854775808", std::numeric_limits<std::int64_t>::min()), Version{1});
    EXPECT_THROW(version("0", 1), CodecError);
    EXPECT_THROW(version("-1", 0), CodecError);
    EXPECT_THROW(version("9223372036854775807", 0), CodecError);
    EXPECT_THROW(version("9223372036854775807", std::numeric_limits<std::int64_t>::min()), CodecError);
    EXPECT_THROW(version("-1", std::numeric_limits<std::int64_t>::min()), CodecError);
    EXPECT_EQ(version("-2", std::numeric_limits<std::int64_t>::min()),
              Version{std::numeric_limits<std::int64_t>::max()});
}

TEST(EnvelopeJson, IgnoresUnknownMembersOrderAndWhiteSpace) {
    auto const expected = read_envelope(original);
    EXPECT_EQ(read_envelope(with("{\"id\"", R"( { "x" : [1,{"id":"}"}], "tags":null ,"id")")), expected);
    EXPECT_EQ(read_envelope(with("\"version\":1",
                                 " \"version\" : 1 ,\"schema_version\":null,\"metadata\":null,\"position\":null")),
              expected);
    EXPECT_EQ(read_envelope(R"({"timestamp":"2022-11-26T19:42:21.120+02:00","version":1,"event_type":"Deposit",)"
                            R"("data":{"Deposit":{"id":"e69798e0","amount":5}},"aggregate_type":"BankAccount",)"
                            R"("aggregate_id":"e69798e0","\u0069d":"11112222-3333-4444-8555-000000000002"})"),
              expected);
}

TEST(EnvelopeJson, NamesTheMemberThatIsAbsent) {
    for (std::string const member :
         {"id", "aggregate_id", "aggregate_type", "data", "event_type", "version", "timestamp"}) {
        auto const message =
            message_of<CodecError>([&] { return read_envelope(with("\"" + member + "\":", "\"_" + member + "\":")); });
        expect_words(message, "/" + member + ":");
    }
}

TEST(EnvelopeJson, NamesTheMemberOfAnotherType) {
    struct Case {
        std::string_view piece;
        std::string_view replacement;
        std::string_view path;
    };
    for (auto const& [piece, replacement, path] : std::vector<Case>{
             {"\"version\":1", "\"version\":\"1\"", "/version"},
             {"\"version\":1", "\"version\":1.0", "/version"},
             {"\"version\":1", "\"version\":1e0", "/version"},
             {"\"version\":1", "\"version\":true", "/version"},
             {"\"version\":1", "\"version\":null", "/version"},
             {"\"version\":1", "\"version\":9223372036854775808", "/version"},
             {"\"version\":1", "\"version\":-0.0", "/version"},
             {"\"version\":1", "\"version\":1,\"position\":\"7\"", "/position"},
             {"\"version\":1", "\"version\":1,\"position\":-1", "/position"},
             {"\"version\":1", "\"version\":1,\"position\":9223372036854775808", "/position"},
             {"\"version\":1", "\"version\":1,\"schema_version\":0", "/schema_version"},
             {"\"version\":1", "\"version\":1,\"schema_version\":2147483648", "/schema_version"},
             {"\"version\":1", "\"version\":1,\"schema_version\":\"1\"", "/schema_version"},
             {"\"version\":1", "\"version\":1,\"metadata\":[]", "/metadata"},
             {"\"version\":1", "\"version\":1,\"metadata\":\"{}\"", "/metadata"},
             {"\"version\":1", "\"version\":1,\"data_base64\":\"AAAA\"", "/data_base64"},
             {"\"data\":{\"Deposit\":{\"id\":\"e69798e0\",\"amount\":5}}", "\"data_base64\":\"A\"", "/data_base64"},
             {"\"data\":{\"Deposit\":{\"id\":\"e69798e0\",\"amount\":5}}", "\"data_base64\":5", "/data_base64"},
             {"\"Deposit\",", "7,", "/event_type"},
             {"\"BankAccount\"", "{}", "/aggregate_type"},
             {"\"e69798e0\",", "null,", "/aggregate_id"},
             {"\"11112222-3333-4444-8555-000000000002\"", "\"1\"", "/id"},
             {"\"11112222-3333-4444-8555-000000000002\"", "12", "/id"},
             {"\"2022-11-26T17:42:21.120Z\"", "1669484541000000", "/timestamp"},
             {"\"2022-11-26T17:42:21.120Z\"", "\"2022-11-26\"", "/timestamp"}}) {
        auto const text = with(piece, replacement);
        expect_words(message_of<CodecError>([&, text] { return read_envelope(text); }), path);
    }
}

TEST(EnvelopeJson, RefusesWhatIsNoStrictJsonWithinTheLimits) {
    EXPECT_THROW(static_cast<void>(read_envelope("")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope("null")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope("[]")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope(std::string{original} + "x")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope("\xEF\xBB\xBF" + std::string{original})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope(with("\"version\":1", "\"version\":1,\"version\":1"))),
                 InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope(with("\"version\":1", "\"version\":1,\"ver\\u0073ion\":2"))),
                 InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope(with("\"amount\":5", "\"amount\":5,\"amount\":6"))), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope(with("e69798e0", "\xFF"))), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope(original, {.limits = {.bytes = original.size() - 1}})),
                 PayloadTooLarge);
    EXPECT_NO_THROW(static_cast<void>(read_envelope(original, {.limits = {.bytes = original.size(), .depth = 3}})));
    EXPECT_THROW(static_cast<void>(read_envelope(original, {.limits = {.depth = 2}})), InvalidArgument);
    EXPECT_THROW(static_cast<void>(read_envelope(with("5}", std::string(100'000, '[')))), InvalidArgument);
}

TEST(EnvelopeJson, AcceptsTheDeepestAndLargestDataThatAStoreKeeps) {
    auto event = event_with_data(std::string(64, '[') + std::string(64, ']'));
    EXPECT_EQ(read_envelope(write_envelope(event)), event);
    event.data = "\"" + std::string(512 * 1024 - 2, 'x') + "\"";
    event.metadata = R"({"a":")" + std::string(16 * 1024 - 8, 'x') + "\"}";
    EXPECT_EQ(read_envelope(write_envelope(event)), event);
    event.data = std::string(512 * 1024, '\xFF');
    event.format = DataFormat::binary;
    EXPECT_EQ(read_envelope(write_envelope(event)), event);
}

TEST(EnvelopeJson, WritesAndReadsTypedData) {
    EventEnvelope<bank::Deposited> envelope;
    static_cast<EventHeader<std::string>&>(envelope) = event_with_data("");
    envelope.data.amount = std::numeric_limits<std::int64_t>::min();
    auto const text = write_envelope(envelope);
    expect_words(text, R"("data":{"amount":-9223372036854775808})");
    EXPECT_EQ(read_envelope<bank::Deposited>(text), envelope);

    EventView<bank::Deposited> const view{detail::header_as<std::string_view>(envelope), envelope.data};
    EXPECT_EQ(write_envelope(view), text);
}

TEST(EnvelopeJson, WritesAndReadsATreeAsData) {
    EventEnvelope<nlohmann::json> envelope;
    static_cast<EventHeader<std::string>&>(envelope) = event_with_data("");
    for (auto const& data : {nlohmann::json{{"a", 1}}, nlohmann::json("text"), nlohmann::json(nullptr)}) {
        envelope.data = data;
        EXPECT_EQ(read_envelope<nlohmann::json>(write_envelope(envelope)).data, data);
    }
}

TEST(EnvelopeJson, NamesThePathWithinTypedData) {
    auto const read = [](std::string data) {
        return [text = with(R"({"Deposit":{"id":"e69798e0","amount":5}})", data)] {
            return read_envelope<bank::Deposited>(text);
        };
    };
    expect_words(message_of<CodecError>(read(R"({"amount":1.5})")), "/data/amount");
    expect_words(message_of<CodecError>(read(R"({"amount":9223372036854775808})")), "/data/amount");
    expect_words(message_of<CodecError>(read("{}")), "/data/amount");
    expect_words(message_of<CodecError>(read("[]")), "/data");

    auto event = event_with_data("\x01");
    event.format = DataFormat::binary;
    expect_words(message_of<CodecError>([&] { return read_envelope<bank::Deposited>(write_envelope(event)); }),
                 "/data_base64");
}

TEST(EnvelopeJson, RefusesToWriteWhatJsonCannotHold) {
    EventEnvelope<double> number;
    number.data = std::numeric_limits<double>::quiet_NaN();
    expect_words(message_of<InvalidArgument>([&] { return write_envelope(number); }), "data", "not a number");
    EventEnvelope<bank::Opened> text;
    text.data.owner = "\xFF";
    EXPECT_THROW(static_cast<void>(write_envelope(text)), InvalidArgument);
    auto event = event_with_data("1");
    event.aggregate_id = "\xFF";
    EXPECT_THROW(static_cast<void>(write_envelope(event)), InvalidArgument);
}

/// The data of a flat envelope as text: between `"data":` and `,"event_type"` that follows it.
std::string_view data_of(std::string_view text) {
    auto const begin = text.find("\"data\":") + 7;
    return text.substr(begin, text.rfind(",\"event_type\":") - begin);
}

TEST(EnvelopeJson, ReadsEveryEnvelopeThatTheOriginalWrote) {
    auto const* const data = std::getenv("EVENT_SOURCING_TEST_DATA");
    auto const folder = data != nullptr ? std::filesystem::path{data}
                                        : std::filesystem::path{__FILE__}.parent_path() / "../../../shared/data";
    auto const path = folder / "original/envelopes.json";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "original/envelopes.json is not in EVENT_SOURCING_TEST_DATA (default: ../shared/data)";
    }
    std::ifstream file{path};
    std::size_t read = 0;
    auto const captured = nlohmann::json::parse(file);
    for (auto const& written : captured.at("written")) {
        if (written.at("kind") != "event") {
            continue;
        }
        auto const text = written.at("json").get<std::string>();
        SCOPED_TRACE(text);
        if (auto const number = nlohmann::json::parse(text).at("version").get<std::int64_t>();
            number < 0 || number == std::numeric_limits<std::int64_t>::max()) {
            EXPECT_THROW(static_cast<void>(read_envelope(text, {.first_version = 0})), CodecError);
            continue;
        }
        auto const event = read_envelope(text, {.first_version = 0});
        EXPECT_EQ(event.data, data_of(text));
        EXPECT_EQ(read_envelope(write_envelope(event)), event);
        ++read;
    }
    EXPECT_GT(read, 90U);
}

}  // namespace
