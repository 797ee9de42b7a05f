#include <event_sourcing/append_error.hpp>
#include <event_sourcing/error.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <type_traits>

namespace {

using namespace event_sourcing;

template <class... E>
constexpr bool all_are_errors = (std::is_base_of_v<Error, E> && ...);

static_assert(all_are_errors<OutcomeUnknown, Unavailable, PoolTimeout, NotPrimary, Timeout, Transient, CodecError,
                             InvalidArgument, PayloadTooLarge, PermissionDenied, SchemaMismatch, Corrupted, Fenced,
                             CursorAhead, VersionConflict, DuplicateEvent>);
static_assert(std::is_base_of_v<Unavailable, PoolTimeout> && std::is_base_of_v<Unavailable, NotPrimary> &&
              std::is_base_of_v<Unavailable, Timeout>);
static_assert(std::is_base_of_v<InvalidArgument, PayloadTooLarge>);
static_assert(!std::is_base_of_v<Unavailable, OutcomeUnknown>,
              "a handler of Unavailable may decide again, of OutcomeUnknown never");
static_assert(!std::is_constructible_v<Error, std::string>, "only the errors below it are thrown");

TEST(Error, IsRetryableWhereTheSameCallMaySucceedAndDoesNoHarm) {
    EXPECT_TRUE(OutcomeUnknown{""}.retryable());
    EXPECT_TRUE(Unavailable{""}.retryable());
    EXPECT_TRUE(PoolTimeout{""}.retryable());
    EXPECT_TRUE(NotPrimary{""}.retryable());
    EXPECT_TRUE(Timeout{""}.retryable());
    EXPECT_TRUE(Transient{""}.retryable());
    EXPECT_FALSE(CodecError{""}.retryable());
    EXPECT_FALSE(InvalidArgument{""}.retryable());
    EXPECT_FALSE(PayloadTooLarge{""}.retryable());
    EXPECT_FALSE(PermissionDenied{""}.retryable());
    EXPECT_FALSE(SchemaMismatch{""}.retryable());
    EXPECT_FALSE(Corrupted{""}.retryable());
    EXPECT_FALSE(Fenced{""}.retryable());
    EXPECT_FALSE(CursorAhead{""}.retryable());
    EXPECT_FALSE((VersionConflict{{"Account", "alice"}, ExpectedVersion::none(), Version{1}}.retryable()));
    EXPECT_FALSE((DuplicateEvent{Uuid{}, ""}.retryable()));
}

TEST(Error, IsCaughtAsAStandardExceptionWithItsMessage) {
    try {
        throw PayloadTooLarge{"data has too many bytes"};
    } catch (std::exception const& error) {
        EXPECT_STREQ(error.what(), "data has too many bytes");
    }
}

TEST(VersionConflict, OwnsTheNameOfTheAggregate) {
    auto type = std::make_unique<std::string>("AccountWithALongTypeName");
    auto id = std::make_unique<std::string>("an id that fits into no short string");
    VersionConflict const conflict{{*type, *id}, ExpectedVersion::exactly(Version{3}), Version{5}};
    type.reset();
    id.reset();
    auto const copy = conflict;

    EXPECT_EQ(copy.aggregate(), (AggregateRef{"AccountWithALongTypeName", "an id that fits into no short string"}));
    EXPECT_EQ(copy.expected(), ExpectedVersion::exactly(Version{3}));
    EXPECT_EQ(copy.actual(), Version{5});
}

TEST(VersionConflict, SaysWhatWasExpectedWhatIsThereAndWhatToDo) {
    VersionConflict const conflict{{"Account", "alice"}, ExpectedVersion::exactly(Version{3}), Version{5}};
    EXPECT_STREQ(conflict.what(),
                 "Account/alice: expected version 3, but the aggregate is at version 5. "
                 "Another writer was first: load, decide and append again.");
}

TEST(DuplicateEvent, NamesTheEventAndWhatToDo) {
    auto const id = Uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    DuplicateEvent const error{id, "is stored with other data"};
    EXPECT_EQ(error.id(), id);
    EXPECT_STREQ(
        error.what(),
        "event 6ba7b810-9dad-11d1-80b4-00c04fd430c8 is stored with other data. An id may be sent again only with "
        "the same events at the same place; give new events new ids.");
}

}  // namespace
