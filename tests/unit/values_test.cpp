#include <event_sourcing/aggregate_ref.hpp>
#include <event_sourcing/committed.hpp>
#include <event_sourcing/cursor.hpp>
#include <event_sourcing/expected_version.hpp>
#include <event_sourcing/position.hpp>
#include <event_sourcing/version.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace event_sourcing;

static_assert(!std::is_convertible_v<std::int64_t, Version>, "a number does not become a version by accident");
static_assert(!std::is_constructible_v<Version, Position> && !std::is_convertible_v<Version, Position>);
static_assert(Version{}.value == 0 && Version{4}.next() == Version{5});
static_assert(Version{1} < Version{2} && Position{2} > Position{1});
static_assert(!std::is_convertible_v<std::string, Cursor>);
static_assert(!std::is_default_constructible_v<ExpectedVersion>);

TEST(ExpectedVersion, AcceptsWhatItsKindSays) {
    for (std::int64_t const version :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, std::numeric_limits<std::int64_t>::max()}) {
        SCOPED_TRACE(version);
        EXPECT_TRUE(ExpectedVersion::any().accepts(Version{version}));
        EXPECT_EQ(ExpectedVersion::none().accepts(Version{version}), version == 0);
        EXPECT_EQ(ExpectedVersion::exists().accepts(Version{version}), version > 0);
        EXPECT_EQ(ExpectedVersion::exactly(Version{2}).accepts(Version{version}), version == 2);
    }
}

TEST(ExpectedVersion, ExactlyZeroIsNone) {
    EXPECT_EQ(ExpectedVersion::exactly(Version{0}), ExpectedVersion::none());
    EXPECT_EQ(ExpectedVersion::exactly(Version{0}).kind(), ExpectedVersion::Kind::none);
    EXPECT_EQ(ExpectedVersion::exactly(Version{7}).version(), Version{7});
    EXPECT_NE(ExpectedVersion::exactly(Version{1}), ExpectedVersion::exists());
}

TEST(ExpectedVersion, IsWrittenInWords) {
    EXPECT_EQ(to_string(ExpectedVersion::any()), "any version");
    EXPECT_EQ(to_string(ExpectedVersion::none()), "no events yet");
    EXPECT_EQ(to_string(ExpectedVersion::exists()), "at least one event");
    EXPECT_EQ(to_string(ExpectedVersion::exactly(Version{3})), "version 3");
}

TEST(AggregateRef, IsOrderedByTypeThenIdAsBytes) {
    EXPECT_LT((AggregateRef{"A", "z"}), (AggregateRef{"B", "a"}));
    EXPECT_LT((AggregateRef{"A", "a"}), (AggregateRef{"A", "b"}));
    EXPECT_LT((AggregateRef{"A", "z"}), (AggregateRef{"A", "\xC3\xA4"})) << "bytes above 127 come last";
    EXPECT_EQ(to_string(AggregateRef{"Account", "alice"}), "Account/alice");
}

TEST(Cursor, IsTheBeginningUntilItHasText) {
    EXPECT_EQ(Cursor{}, Cursor{""});
    EXPECT_NE(Cursor{}, Cursor{"0"});
    EXPECT_EQ(Cursor{"a:7"}.text(), "a:7");
}

TEST(Committed, FindsAnAggregateAndTheLastPosition) {
    Committed const committed{
        .written = {{"Account", "alice", Version{3}, Position{12}}, {"Account", "bob", Version{1}, Position{11}}}};
    EXPECT_EQ(committed.position(), Position{12});
    ASSERT_NE(committed.find({"Account", "bob"}), nullptr);
    EXPECT_EQ(committed.find({"Account", "bob"})->version, Version{1});
    EXPECT_EQ(committed.find({"Order", "bob"}), nullptr);
    EXPECT_EQ(committed.find({"Account", "carol"}), nullptr);
    EXPECT_EQ(Committed{}.position(), Position{0});
}

}  // namespace
