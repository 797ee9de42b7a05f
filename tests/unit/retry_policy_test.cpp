#include "support/patience.hpp"

#include <event_sourcing/retry_policy.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace event_sourcing;
using namespace std::chrono_literals;
using std::chrono::microseconds;

/// A random number that makes a wait of exactly its bound, whatever that is: all but the last choice are 0.
struct LongestWaits {
    std::vector<microseconds> bounds;
    std::size_t next = 0;
    std::uint64_t operator()() { return static_cast<std::uint64_t>(bounds.at(next++).count()); }
};

TEST(Backoff, AllowsAsManyTriesAsThePolicySays) {
    Patience const patience;
    Backoff backoff{{.attempts = 3}, patience.sources()};
    EXPECT_EQ(backoff.attempts_made(), 1);
    EXPECT_TRUE(backoff.again());
    EXPECT_TRUE(backoff.again());
    EXPECT_EQ(backoff.attempts_made(), 3);
    EXPECT_FALSE(backoff.again());
    EXPECT_FALSE(backoff.again());
    EXPECT_EQ(backoff.attempts_made(), 3);
    EXPECT_EQ(patience.pauses->size(), 2U);
}

TEST(Backoff, NeverTriesAgainWithOneAttemptOrLess) {
    for (int const attempts : {1, 0, -1, std::numeric_limits<int>::min()}) {
        Patience const patience;
        Backoff backoff{{.attempts = attempts}, patience.sources()};
        EXPECT_FALSE(backoff.again());
        EXPECT_TRUE(patience.pauses->empty());
    }
}

TEST(Backoff, DoublesTheBoundOfTheWaitUpToTheLongest) {
    Patience patience;
    patience.random = LongestWaits{{1ms, 2ms, 4ms, 8ms, 10ms, 10ms}};
    Backoff backoff{{.attempts = 7, .first_delay = 1ms, .longest_delay = 10ms}, patience.sources()};
    while (backoff.again()) {
    }
    EXPECT_EQ(*patience.pauses, (std::vector<microseconds>{1ms, 2ms, 4ms, 8ms, 10ms, 10ms}));
}

TEST(Backoff, WaitsAnythingFromNothingToTheBound) {
    for (std::uint64_t const random : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, std::uint64_t{1001},
                                       std::uint64_t{1500}, std::numeric_limits<std::uint64_t>::max()}) {
        Patience patience;
        patience.random = [random] { return random; };
        Backoff backoff{{.first_delay = 1ms}, patience.sources()};
        ASSERT_TRUE(backoff.again());
        EXPECT_EQ(patience.pauses->at(0).count(), static_cast<std::int64_t>(random % 1001));
    }
}

TEST(Backoff, StartsNoTryLaterThanTheTimeLimitAfterTheFirst) {
    Patience patience;
    Backoff backoff{{.attempts = 100, .time_limit = 10ms}, patience.sources()};
    patience.clock.advance(10ms);
    EXPECT_TRUE(backoff.again()) << "at the limit is not behind it";
    patience.clock.advance(1us);
    EXPECT_FALSE(backoff.again()) << "the first try counts, however long it took";
}

TEST(Backoff, DoesNotWaitWhereTheWaitWouldPassTheLimit) {
    Patience patience;
    patience.random = LongestWaits{{8ms, 3ms}};
    Backoff backoff{{.attempts = 100, .first_delay = 8ms, .longest_delay = 8ms, .time_limit = 10ms},
                    patience.sources()};
    EXPECT_TRUE(backoff.again());
    EXPECT_FALSE(backoff.again());
    EXPECT_EQ(*patience.pauses, (std::vector<microseconds>{8ms}));
}

TEST(Backoff, KeepsGoingWhenTheClockGoesBack) {
    Patience patience;
    Backoff backoff{{.attempts = 2, .time_limit = microseconds::max()}, patience.sources()};
    patience.clock.advance(-24h);
    EXPECT_TRUE(backoff.again());
}

TEST(Backoff, TakesExtremePoliciesWithoutOverflow) {
    auto const most = microseconds::max();
    for (RetryPolicy const& policy :
         {RetryPolicy{.attempts = 70, .first_delay = most, .longest_delay = most, .time_limit = most},
          RetryPolicy{.attempts = 70, .first_delay = 24h * 365, .longest_delay = most, .time_limit = most},
          RetryPolicy{.attempts = 70, .first_delay = 1us, .longest_delay = most, .time_limit = most},
          RetryPolicy{.attempts = 70,
                      .first_delay = microseconds::min(),
                      .longest_delay = microseconds::min(),
                      .time_limit = most},
          RetryPolicy{.attempts = 70, .first_delay = -1us, .longest_delay = 1ms, .time_limit = most},
          RetryPolicy{
              .attempts = std::numeric_limits<int>::max(), .first_delay = 0us, .time_limit = microseconds::min()}}) {
        Patience const patience;
        Backoff backoff{policy, patience.sources()};
        int tries = 1;
        while (tries < 80 && backoff.again()) {
            ++tries;
        }
        EXPECT_EQ(tries, policy.time_limit < 0us ? 1 : 70);
        for (auto const wait : *patience.pauses) {
            EXPECT_EQ(wait, 0us);
        }
    }
}

TEST(Backoff, WorksOnTheSystemsSources) {
    Backoff backoff{{.attempts = 3, .first_delay = 0us, .longest_delay = 0us}};
    EXPECT_TRUE(backoff.again());
    EXPECT_TRUE(backoff.again());
    EXPECT_FALSE(backoff.again());
}

}  // namespace
