#include "infrastructure/csv_reader.hpp"

#include "in_pieces.hpp"
#include "infrastructure/bad_input.hpp"
#include "infrastructure/gzip_source.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace bank {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read_all(CsvReader& reader) {
    Rows rows;
    while (auto const record = reader.next()) {
        rows.emplace_back(record->fields.begin(), record->fields.end());
    }
    return rows;
}

/// The rows; the same however the bytes come.
Rows rows_of(std::string const& text) {
    CsvReader whole{"f.csv", std::make_unique<InPieces>(text, text.size() + 1)};
    CsvReader byte_by_byte{"f.csv", std::make_unique<InPieces>(text, 1)};
    auto rows = read_all(whole);
    EXPECT_EQ(rows, read_all(byte_by_byte));
    return rows;
}

std::string complaint_about(std::string const& text) {
    try {
        static_cast<void>(rows_of(text));
    } catch (BadInput const& error) {
        return error.what();
    }
    return "none";
}

TEST(Csv, SplitsAtCommasAndLineEnds) {
    EXPECT_EQ(rows_of("a,b\nc,,\n"), (Rows{{"a", "b"}, {"c", "", ""}}));
    EXPECT_EQ(rows_of(""), Rows{});
    EXPECT_EQ(rows_of("\n"), (Rows{{""}}));
}

TEST(Csv, TakesCrLfAndAMissingLastLineEnd) {
    EXPECT_EQ(rows_of("a,b\r\nc,d\ne,f"), (Rows{{"a", "b"}, {"c", "d"}, {"e", "f"}}));
    EXPECT_EQ(rows_of("a\rb\n"), (Rows{{"a\rb"}}));
    EXPECT_EQ(rows_of("a\r"), (Rows{{"a"}}));
}

TEST(Csv, ReadsQuotedFields) {
    EXPECT_EQ(rows_of("\"a,b\",\"say \"\"hi\"\"\",\"\"\n"), (Rows{{"a,b", "say \"hi\"", ""}}));
    EXPECT_EQ(rows_of("\"two\nlines\",x\r\ny\n"), (Rows{{"two\nlines", "x"}, {"y"}}));
    EXPECT_EQ(rows_of("\"last\""), (Rows{{"last"}}));
    EXPECT_EQ(rows_of("\"\"\"\"\n"), (Rows{{"\""}}));
}

TEST(Csv, KeepsBytesThatAreNotText) {
    EXPECT_EQ(rows_of(std::string{"a\0b,\xff\n", 6}), (Rows{{std::string{"a\0b", 3}, "\xff"}}));
}

TEST(Csv, NamesTheLineWhereARecordBegins) {
    CsvReader reader{"f.csv", std::make_unique<InPieces>("a\n\"b\nb\"\nc\n", 4)};
    EXPECT_EQ(reader.next()->line, 1U);
    EXPECT_EQ(reader.next()->line, 2U);
    EXPECT_EQ(reader.next()->line, 4U);
    EXPECT_FALSE(reader.next());
}

TEST(Csv, RefusesQuotesOutOfPlace) {
    EXPECT_EQ(complaint_about("ok\na\"b\n"), "f.csv:2: a quote within a field without quotes");
    EXPECT_EQ(complaint_about("ok\n\"a\"b\n"), "f.csv:2: text behind a closing quote");
    EXPECT_EQ(complaint_about("ok\n\"a\nb\n"), "f.csv:2: a quote is never closed");
}

TEST(Csv, RefusesALineThatIsLongerThanItMayBe) {
    EXPECT_EQ(rows_of(std::string(65536, 'x') + "\n").front().front().size(), 65536U);
    EXPECT_EQ(complaint_about("ok\n" + std::string(65537, 'x') + "\n"), "f.csv:2: the line is longer than 65536 bytes");
    EXPECT_EQ(complaint_about("ok\n" + std::string(1'000'000, 'x')), "f.csv:2: the line is longer than 65536 bytes");
}

TEST(Csv, SaysWhichLineCouldNotBeRead) {
    CsvReader reader{"f.csv", std::make_unique<InPieces>("a\nb\nc", 2, "the disk is gone")};
    EXPECT_EQ(reader.next()->line, 1U);
    EXPECT_EQ(reader.next()->line, 2U);
    try {
        static_cast<void>(reader.next());
        FAIL() << "a part of a line was taken for a line";
    } catch (BadInput const& error) {
        EXPECT_STREQ(error.what(), "f.csv:3: the disk is gone");
    }
}

std::string uncompress(std::string const& data, std::size_t piece) {
    GzipSource source{std::make_unique<InPieces>(data, piece)};
    std::string out;
    std::array<char, 7> room;
    while (auto const count = source.read(room)) {
        out.append(room.data(), count);
    }
    return out;
}

TEST(Gzip, GivesBackWhatWasCompressedHoweverItComes) {
    std::string const text(100'000, 'x');
    EXPECT_EQ(uncompress(gzip(text), 1), text);
    EXPECT_EQ(uncompress(gzip(text), 100'000), text);
    EXPECT_EQ(uncompress(gzip(""), 3), "");
    EXPECT_EQ(uncompress(gzip("one,") + gzip("") + gzip("two"), 5), "one,two");
}

TEST(Gzip, GivesAllThereIsBeforeItSaysThatTheFileIsCutOff) {
    auto const whole = gzip("some text that is compressed");
    for (std::size_t size = 2; size < whole.size(); ++size) {
        EXPECT_THROW(uncompress(whole.substr(0, size), 4), ReadFailure) << size;
    }
    GzipSource source{std::make_unique<InPieces>(whole.substr(0, whole.size() - 1), 100)};
    std::array<char, 100> room;
    EXPECT_EQ(source.read(room), 28U);
    EXPECT_THROW(static_cast<void>(source.read(room)), ReadFailure);
}

TEST(Gzip, RefusesDamageAndWhatFollowsTheEnd) {
    auto const whole = gzip("some text that is compressed");
    auto wrong_sum = whole;
    wrong_sum[whole.size() - 8] = static_cast<char>(wrong_sum[whole.size() - 8] ^ 1);
    EXPECT_THROW(uncompress(wrong_sum, 100), ReadFailure);
    EXPECT_THROW(uncompress(whole + "more", 100), ReadFailure);
}

}  // namespace
}  // namespace bank
