#include "infrastructure/progress.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace bank {
namespace {

/// What a progress of this style writes to a file, which is no terminal.
std::string written(Progress::Style style) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::tmpfile(), std::fclose};
    {
        Progress progress{style, file.get()};
        progress.begin("a.csv");
        progress.row(0.5);
        progress.note("something to know");
        progress.row({});
        progress.end();
    }
    std::string text(1000, '\0');
    std::rewind(file.get());
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
}

TEST(TheProgress, IsPlainLinesWhereThereIsNoTerminal) {
    EXPECT_EQ(written(Progress::Style::automatic), "something to know\na.csv: 2 rows\n");
}

TEST(TheProgress, IsOnlyWhatMustBeSaidWhereItIsNotWanted) {
    EXPECT_EQ(written(Progress::Style::never), "something to know\n");
}

}  // namespace
}  // namespace bank
