#include <event_sourcing/detail/json_members.hpp>
#include <event_sourcing/detail/utf8.hpp>
#include <event_sourcing/error.hpp>
#include <event_sourcing/parse_json.hpp>
#include <event_sourcing/strict_json.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using event_sourcing::check_json;
using event_sourcing::InvalidArgument;
using event_sourcing::json_quote;
using event_sourcing::JsonLimits;
using event_sourcing::parse_json;
using event_sourcing::PayloadTooLarge;
using event_sourcing::detail::JsonMembers;
using namespace std::string_literals;

/// The message with which a text is refused; empty where it is accepted. The text stands in a block of its own size, so
/// that the address sanitizer sees a read beyond its end.
std::string refusal(std::string_view text, JsonLimits const& limits = {}) {
    std::vector<char> const exact{text.begin(), text.end()};
    try {
        check_json({exact.data(), exact.size()}, limits, "data");
    } catch (InvalidArgument const& e) {
        return e.what();
    }
    return {};
}

std::string repeat(std::string_view part, std::size_t times) {
    std::string out;
    out.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

std::vector<std::string> const accepted{
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "1234567890123456789012345678901234567890",
    "0.5",
    "-0.0",
    "1.10",
    "1e1",
    "1E1",
    "1e+1",
    "1e-1",
    "1.5e300",
    "0e0",
    "0.0e-0",
    "9007199254740993",
    "18446744073709551615",
    "\"\"",
    "\"a\"",
    "\"\\\"\"",
    "\"\\\\\"",
    "\"\\/\"",
    "\"\\b\\f\\n\\r\\t\"",
    "\"\\u0000\"",
    "\"\\u00e9\"",
    "\"\\u00E9\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uD83D\\uDE00\"",
    "\"\\udbff\\udfff\"",
    "\"\\uffff\"",
    "\"\\ud7ff\\ue000\"",
    "\"\x7F\"",
    "\"\xC2\x80\"",
    "\"\xDF\xBF\"",
    "\"\xE0\xA0\x80\"",
    "\"\xED\x9F\xBF\"",
    "\"\xEE\x80\x80\"",
    "\"\xEF\xBF\xBF\"",
    "\"\xEF\xBB\xBF\"",
    "\"\xF0\x90\x80\x80\"",
    "\"\xF4\x8F\xBF\xBF\"",
    "\"caf\xC3\xA9, \xE6\x97\xA5\xE6\x9C\xAC, \xF0\x9F\x98\x80!\"",
    "[]",
    "[ ]",
    "[1]",
    "[1,2]",
    "[[],[[]],{}]",
    "[null,true,false,\"\",0,{}]",
    "[ 1 , 2 ]",
    "{}",
    "{ }",
    "{\"a\":1}",
    "{\"a\":1,\"b\":2}",
    "{\"\":0}",
    "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}",
    "[{\"a\":1},{\"a\":1}]",
    "{\"a\":1,\"A\":2}",
    "{\"a\":1,\"a \":2}",
    "{\"a\":1,\"ab\":2}",
    "{\"\xC3\xA9\":1,\"e\xCC\x81\":2}",
    "{\"a\\u0000\":1,\"a\":2}",
    " \t\r\n1 \t\r\n",
    "\n[\n]\n",
    " { \"a\" : [ ] , \"b\" : null } ",
};

std::vector<std::string> const refused{
    "",
    " ",
    "\n",
    "nul",
    "nulll",
    "NULL",
    "True",
    "tru",
    "truefalse",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "'a'",
    "-",
    "+1",
    "--1",
    "01",
    "-01",
    "00",
    "1.",
    ".5",
    "-.5",
    "1.e1",
    "1e",
    "1e+",
    "1E-",
    "1e1.5",
    "1ee1",
    "0x10",
    "1_000",
    "1 2",
    "1.5.5",
    "- 1",
    "1a",
    "\xEF\xBC\x91",
    "\"",
    "\"a",
    "\"\\\"",
    "\"\\",
    "a\"",
    "\"\\a\"",
    "\"\\'\"",
    "\"\\x41\"",
    "\"\\u\"",
    "\"\\u12\"",
    "\"\\u123\"",
    "\"\\u123g\"",
    "\"\\U0041\"",
    "\"\\u+123\"",
    "\"\t\"",
    "\"\n\"",
    "\"\r\"",
    "\"\x1F\"",
    "\"\x01\"",
    "\"\0\""s,
    "\"a\0b\""s,
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\ud800\"",
    "\"\\ud800x\"",
    "\"\\ud800\\n\"",
    "\"\\ud800\\u0041\"",
    "\"\\udc00\\ud800\"",
    "\"\\ud800\\",
    "\"\\ud800\\u",
    "\"\\ud800\\udc0",
    "\"\x80\"",
    "\"\xBF\"",
    "\"\xC0\x80\"",
    "\"\xC1\xBF\"",
    "\"\xC2\"",
    "\"\xC2x\"",
    "\"\xE0\x80\x80\"",
    "\"\xE0\x9F\xBF\"",
    "\"\xE2\x82\"",
    "\"\xED\xA0\x80\"",
    "\"\xED\xBF\xBF\"",
    "\"\xF0\x80\x80\x80\"",
    "\"\xF0\x8F\xBF\xBF\"",
    "\"\xF4\x90\x80\x80\"",
    "\"\xF5\x80\x80\x80\"",
    "\"\xF0\x9F\x98\"",
    "\"\xFE\"",
    "\"\xFF\"",
    "\"\xC3",
    "\"\xF0\x9F\x98\x80",
    "[",
    "]",
    "[1",
    "[1,",
    "[,",
    "[,1]",
    "[1,]",
    "[1,,2]",
    "[1 2]",
    "[1:2]",
    "[}",
    "[1}",
    "[]]",
    "[][]",
    "[1],",
    "[\"a\",\n",
    "(1)",
    "{",
    "}",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{,}",
    "{,\"a\":1}",
    "{\"a\" 1}",
    "{\"a\"::1}",
    "{\"a\":}",
    "{a:1}",
    "{1:1}",
    "{null:1}",
    "{'a':1}",
    "{\"a\":1]",
    "{\"a\":1}}",
    "{\"a\":1}{",
    "{\"a\",1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1;\"b\":2}",
    "{\"a\":1,,\"b\":2}",
    "{[]:1}",
    "{\"a\":1,\"b\"}",
    "{\"a\":/*x*/1}",
    "// x\n1",
    "#1",
    "1//x",
    "\xEF\xBB\xBF"
    "1",
    "\xEF\xBB\xBF{}",
    "\xFF\xFE"
    "1\0"s,
    "1\0"s,
    "\0"s,
    "[1]\0"s,
    "\v1",
    "\f1",
    "\xC2\xA0"
    "1",
    "\xE2\x80\xA8"
    "1",
    "1\x7F",
};

TEST(CheckJson, AcceptsTheWholeGrammar) {
    for (auto const& text : accepted) {
        EXPECT_EQ(refusal(text), "") << text;
    }
}

TEST(CheckJson, RefusesEverythingElse) {
    for (auto const& text : refused) {
        EXPECT_NE(refusal(text), "") << text;
    }
}

TEST(CheckJson, WrappingAValueChangesNothing) {
    for (auto const& text : accepted) {
        EXPECT_EQ(refusal("[" + text + "]"), "") << text;
        EXPECT_EQ(refusal("{\"k\":" + text + ",\"l\":0}"), "") << text;
    }
    for (auto const& text : refused) {
        EXPECT_TRUE(text == " " || text == "\n" || text.empty() || !refusal("[" + text + "]").empty()) << text;
        EXPECT_NE(refusal("{\"k\":" + text + "}"), "") << text;
    }
}

TEST(CheckJson, AgreesWithTheParserOnEveryAcceptedText) {
    for (auto const& text : accepted) {
        EXPECT_TRUE(nlohmann::json::accept(text)) << text;
    }
}

TEST(CheckJson, RefusesEveryTruncationOfADocument) {
    std::string const document =
        "{\"id\":\"caf\xC3\xA9 \\u00e9 \\ud83d\\ude00 "
        "\xF0\x9F\x98\x80\",\"amount\":-12.50e+3,\"list\":[true,false,null,[],{}],\"a long enough key\":{\"x\":0}}";
    ASSERT_EQ(refusal(document), "");
    for (std::size_t length = 0; length < document.size(); ++length) {
        EXPECT_NE(refusal(std::string_view{document}.substr(0, length)), "") << length;
    }
}

TEST(CheckJson, FindsABadByteAtEveryPlaceOfAString) {
    for (std::size_t size = 1; size < 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (char const bad : {'\x00', '\x1F', '\x80', '\xFF', '"', '\\'}) {
                std::string text = "\"" + std::string(size, 'z') + "\"";
                text[at + 1] = bad;
                EXPECT_NE(refusal(text), "") << size << ' ' << at << ' ' << static_cast<int>(bad);
            }
            for (char const good : {' ', '!', '#', '[', ']', '\x7F'}) {
                std::string text = "\"" + std::string(size, 'z') + "\"";
                text[at + 1] = good;
                EXPECT_EQ(refusal(text), "");
            }
        }
    }
}

TEST(CheckJson, NamesTheTextTheOffsetAndTheReason) {
    auto const starts = [](std::string const& message, std::string_view start) {
        EXPECT_EQ(message.substr(0, start.size()), start);
    };
    starts(refusal("[1,]"), "data: not acceptable JSON at byte 3: expected a value");
    starts(refusal("{\"a\":\"\xFF\"}"), "data: not acceptable JSON at byte 6: invalid UTF-8");
    starts(refusal("{\"a\":\"\\ud800\"}"), "data: not acceptable JSON at byte 6: a surrogate escape");
    starts(refusal("{} x"), "data: not acceptable JSON at byte 3: more text after the value");
    starts(refusal("[1"), "data: not acceptable JSON at byte 2: expected ',' or ']'");
    starts(refusal("\"a\nb\""), "data: not acceptable JSON at byte 2: a control character");
    starts(refusal("{\"a\":1,\"b\\n\":2,\"b\\u000A\":3}"),
           "data: not acceptable JSON at byte 16: the key \"b\\x0a\" stands twice in one object");
}

TEST(CheckJson, LimitsTheDepth) {
    auto const nested = [](std::size_t depth) { return repeat("[", depth) + repeat("]", depth); };
    EXPECT_EQ(refusal(nested(64)), "");
    EXPECT_NE(refusal(nested(65)).find("deeper than the limit of 64"), std::string::npos);
    EXPECT_EQ(refusal(repeat("{\"a\":", 64) + "1" + repeat("}", 64)), "");
    EXPECT_NE(refusal(repeat("{\"a\":", 65) + "1" + repeat("}", 65)), "");
    EXPECT_EQ(refusal("1", {.depth = 0}), "");
    EXPECT_NE(refusal("[]", {.depth = 0}), "");
    EXPECT_EQ(refusal("[]", {.depth = 1}), "");
    EXPECT_NE(refusal("{\"a\":[]}", {.depth = 1}), "");
    EXPECT_EQ(refusal("[" + repeat("[],", 1000) + "[]]", {.depth = 2}), "") << "beside each other is not deep";
}

TEST(CheckJson, SurvivesAHundredThousandNestedArrays) {
    EXPECT_NE(refusal(repeat("[", 100'000) + repeat("]", 100'000)), "");
    EXPECT_NE(refusal(repeat("[", 100'000)), "");
    EXPECT_NE(refusal(repeat("{\"a\":", 100'000)), "");
    EXPECT_EQ(refusal(repeat("[", 100'000) + repeat("]", 100'000), {.depth = 100'000}), "") << "if that is wanted";
    EXPECT_EQ(refusal(repeat("{\"a\":", 50'000) + "1" + repeat("}", 50'000), {.depth = 50'000}), "");
}

TEST(CheckJson, LimitsTheBytes) {
    std::string const text = "\"" + std::string(512 * 1024 - 2, 'x') + "\"";
    EXPECT_EQ(refusal(text), "");
    EXPECT_THROW(check_json(text + " "), PayloadTooLarge);
    EXPECT_THROW(check_json("[]", {.bytes = 1}), PayloadTooLarge);
    EXPECT_EQ(refusal("[]", {.bytes = 2}), "");
}

TEST(CheckJson, RefusesKeysThatAreEqualWithEscapesResolved) {
    for (auto const& [a, b] : std::vector<std::pair<std::string, std::string>>{
             {"a", "a"},
             {"", ""},
             {"a", "\\u0061"},
             {"\\u0061", "\\u0061"},
             {"/", "\\/"},
             {"\xC3\xA9", "\\u00e9"},
             {"\\u00e9", "\\u00E9"},
             {"\xF0\x9F\x98\x80", "\\ud83d\\uDE00"},
             {"x\\n", "x\\u000a"},
             {"a key of many bytes, more than one word", "a key of many bytes, more than one wor\\u0064"}}) {
        EXPECT_NE(refusal("{\"" + a + "\":1,\"" + b + "\":2}"), "") << a << ' ' << b;
        EXPECT_NE(refusal("{\"" + b + "\":1,\"z\":{\"" + a + "\":3},\"" + a + "\":2}"), "") << a << ' ' << b;
        EXPECT_NE(refusal("[[{\"q\":{\"" + b + "\":1,\"" + a + "\":2}}]]"), "") << a << ' ' << b;
    }
}

/// An object with the keys k0 … k(n-1), and after them the given members.
std::string object_of(std::size_t count, std::string const& more = {}) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
    }
    return text + more + "}";
}

TEST(CheckJson, FindsARepeatedKeyInObjectsOfEverySize) {
    for (std::size_t const count : {1U, 2U, 15U, 16U, 17U, 18U, 47U, 48U, 49U, 100U, 1000U}) {
        EXPECT_EQ(refusal(object_of(count)), "") << count;
        for (std::size_t const again : {std::size_t{0}, count / 2, count - 1}) {
            auto const key = "k" + std::to_string(again);
            auto const message = refusal(object_of(count, ",\"" + key + "\":1"));
            EXPECT_NE(message.find("the key \"" + key + "\" stands twice"), std::string::npos)
                << count << ' ' << message;
            EXPECT_NE(refusal(object_of(count, ",\"\\u006b" + std::to_string(again) + "\":1")), "") << count;
        }
        EXPECT_EQ(refusal(object_of(count, ",\"in\":" + object_of(count))), "") << "another object has keys of its own";
        EXPECT_NE(refusal(object_of(count, ",\"in\":" + object_of(count) + ",\"k0\":1")), "") << count;
        EXPECT_NE(refusal(object_of(count, ",\"in\":" + object_of(count, ",\"k0\":1"))), "") << count;
    }
}

TEST(CheckJson, NamesTheFirstRepetitionInALargeObject) {
    auto const text = object_of(50, ",\"k40\":1,\"k3\":1");
    auto const message = refusal(text);
    EXPECT_NE(message.find("\"k40\" stands twice"), std::string::npos) << message;
    EXPECT_NE(message.find("at byte " + std::to_string(text.rfind("k40"))), std::string::npos) << message;
}

TEST(CheckJson, AcceptsAHundredThousandKeys) {
    auto const limits = JsonLimits{.bytes = 16 * 1024 * 1024};
    EXPECT_EQ(refusal(object_of(100'000), limits), "");
    EXPECT_NE(refusal(object_of(100'000, ",\"k99999\":1"), limits), "");
    std::string escaped = "{\"\\u006b\":0";
    for (int i = 0; i < 100'000; ++i) {
        escaped += ",\"\\u006b" + std::to_string(i) + "\":0";
    }
    EXPECT_EQ(refusal(escaped + "}", limits), "");
}

TEST(CheckJson, ShortensAndEscapesALongKeyInTheMessage) {
    std::string const key = "\\u0007" + std::string(5000, 'k');
    auto const message = refusal("{\"" + key + "\":1,\"" + key + "\":2}");
    EXPECT_NE(message.find("\"\\x07kkk"), std::string::npos) << message;
    EXPECT_LT(message.size(), 200U);
}

TEST(ParseJson, GivesTheTreeOfACheckedText) {
    EXPECT_EQ(parse_json("{\"a\":[1,-2,\"\\u0000\"]}"), (nlohmann::json{{"a", {1, -2, "\0"s}}}));
    EXPECT_EQ(parse_json("9223372036854775807").get<std::int64_t>(), 9223372036854775807);
    EXPECT_THROW(static_cast<void>(parse_json("{\"a\":1,\"a\":2}")), InvalidArgument);
    EXPECT_THROW(static_cast<void>(parse_json(repeat("[", 100'000))), InvalidArgument);
    EXPECT_THROW(static_cast<void>(parse_json("[]", {.bytes = 1})), PayloadTooLarge);
    EXPECT_THROW(static_cast<void>(parse_json("1e400")), InvalidArgument);
}

TEST(JsonQuote, EscapesWhatJsonAsksForAndKeepsTheRest) {
    EXPECT_EQ(json_quote(""), "\"\"");
    EXPECT_EQ(json_quote("a\"b\\c/d"), R"("a\"b\\c/d")");
    EXPECT_EQ(json_quote("\b\f\n\r\t"s + '\0' + "\x1F\x7F"), "\"\\b\\f\\n\\r\\t\\u0000\\u001f\x7F\"");
    EXPECT_EQ(json_quote("caf\xC3\xA9 \xF0\x9F\x98\x80"), "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
    EXPECT_THROW(static_cast<void>(json_quote("\xFF")), InvalidArgument);
}

TEST(JsonQuote, RoundTripsEveryCharacter) {
    std::string all;
    for (std::uint32_t code_point = 0; code_point < 0x3000; ++code_point) {
        event_sourcing::detail::append_utf8(all, code_point);
    }
    for (std::uint32_t const code_point : {0xD7FFU, 0xE000U, 0xFFFFU, 0x10000U, 0x1F600U, 0x10FFFFU}) {
        event_sourcing::detail::append_utf8(all, code_point);
    }
    auto const quoted = json_quote(all);
    EXPECT_EQ(refusal(quoted), "");
    EXPECT_EQ(event_sourcing::detail::json_string(quoted), all);
    EXPECT_EQ(parse_json(quoted).get<std::string>(), all);
}

TEST(JsonMembers, GivesKeysUnescapedAndValuesAsTheirExactText) {
    std::string_view const text =
        "\n { \"id\" : \"x\\\"}y\" ,\"data\":{ \"a\" : [1, {\"b\":\"]\"}] , "
        "\"c\":1.10},\"\\u0061\\n\":-0.0e1\t,\"t\":true,\"n\":null,\"e\":[],\"\":\"\\\\\"}  ";
    ASSERT_EQ(refusal(text), "");
    std::vector<std::pair<std::string, std::string>> found;
    for (JsonMembers members{text}; members.next();) {
        found.emplace_back(members.key(), members.value());
    }
    EXPECT_EQ(found,
              (std::vector<std::pair<std::string, std::string>>{{"id", "\"x\\\"}y\""},
                                                                {"data", "{ \"a\" : [1, {\"b\":\"]\"}] , \"c\":1.10}"},
                                                                {"a\n", "-0.0e1"},
                                                                {"t", "true"},
                                                                {"n", "null"},
                                                                {"e", "[]"},
                                                                {"", "\"\\\\\""}}));
}

TEST(JsonMembers, StaysInsideOfTextThatNobodyChecked) {
    for (auto const* table : {&accepted, &refused}) {
        for (auto const& bad : *table) {
            for (auto const& text : {"{" + bad, "{\"k\":" + bad, "{\"k\":{" + bad, "{\"k\":[\"" + bad}) {
                std::vector<char> const exact{text.begin(), text.end()};
                std::size_t visited = 0;
                for (JsonMembers members{{exact.data(), exact.size()}}; members.next();) {
                    ASSERT_LE(++visited, text.size());
                }
            }
        }
    }
}

TEST(JsonMembers, RefusesWhatIsNoObject) {
    for (auto const* text : {"[]", "1", "\"{}\"", ""}) {
        EXPECT_THROW(JsonMembers{text}, InvalidArgument) << text;
    }
    EXPECT_FALSE(JsonMembers{" {} "}.next());
}

TEST(JsonMembers, ReadsScalarsFromTheirText) {
    using event_sourcing::detail::json_integer;
    using event_sourcing::detail::json_string;
    EXPECT_EQ(json_string("\"a\\u00e9\\n\\ud83d\\ude00\""), "a\xC3\xA9\n\xF0\x9F\x98\x80");
    EXPECT_EQ(json_string("\"\""), "");
    EXPECT_EQ(json_string("12"), std::nullopt);
    EXPECT_EQ(json_integer("-9223372036854775808"), INT64_MIN);
    EXPECT_EQ(json_integer("9223372036854775807"), INT64_MAX);
    for (auto const* text : {"9223372036854775808", "1.0", "1e3", "\"1\"", "null", "", "-"}) {
        EXPECT_EQ(json_integer(text), std::nullopt) << text;
    }
}

TEST(Utf8, AcceptsExactlyTheWellFormedSequences) {
    using event_sourcing::detail::append_utf8;
    using event_sourcing::detail::is_valid_utf8;
    std::size_t count = 0;  // of all texts of 1 to 3 bytes behind an ASCII prefix of changing length
    for (unsigned a = 0; a < 256; ++a) {
        std::string text = std::string(a % 11, 'x') + static_cast<char>(a);
        count += is_valid_utf8(text) ? 1U : 0U;
        for (unsigned b = 0; b < 256; ++b) {
            std::string two = text + static_cast<char>(b);
            count += is_valid_utf8(two) ? 1U : 0U;
            if (a < 0xE0 || a > 0xEF) {
                continue;
            }
            for (unsigned c = 0; c < 256; ++c) {
                count += is_valid_utf8(two + static_cast<char>(c)) ? 1U : 0U;
            }
        }
    }
    EXPECT_EQ(count, 128U + 128U * 128U + (0x800U - 0x80U) + (0x10000U - 0x800U - 0x800U));
    for (std::uint32_t code_point = 0x10000; code_point <= 0x10FFFF; code_point += 0xFFF) {
        std::string text;
        append_utf8(text, code_point);
        EXPECT_TRUE(is_valid_utf8(text));
    }
    EXPECT_TRUE(is_valid_utf8(""));
    EXPECT_TRUE(is_valid_utf8("\0"s));
    EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
    EXPECT_FALSE(is_valid_utf8("0123456789abcdef\xF0\x9F\x98"));
}

}  // namespace
