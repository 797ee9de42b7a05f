#include "random_appends.hpp"
#include "server.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace postgres_test {
namespace {

bool is_long() {
    auto const* const value = std::getenv("EVENT_SOURCING_TEST_LONG");
    return value != nullptr && std::string_view{value} == "1";
}

/// From EVENT_SOURCING_TEST_SEED, to run one again.
std::uint64_t seed() {
    auto const* const value = std::getenv("EVENT_SOURCING_TEST_SEED");
    return value != nullptr ? std::strtoull(value, nullptr, 10) : std::random_device{}();
}

void hold(Workload workload) {
    workload.seed = seed();
    workload.calls_per_thread *= is_long() ? 10U : 1U;
    TestSchema const schema{server_url()};
    auto const history = run(workload, schema);

    std::array<int, 6> answers{};
    for (auto const& one : history.observations) {
        ++answers[static_cast<std::size_t>(one.answer)];
    }
    std::printf(
        "EVENT_SOURCING_TEST_SEED=%llu: %zu calls, %zu events, stored %d, replayed %d, conflict %d, duplicate %d, "
        "nothing %d\n",
        static_cast<unsigned long long>(workload.seed), history.observations.size(), history.table.size(), answers[0],
        answers[1], answers[2], answers[3], answers[4]);
    auto const violations = violations_of(history);
    for (std::size_t i = 0; i < violations.size() && i < 10; ++i) {
        ADD_FAILURE() << violations[i];
    }
    EXPECT_TRUE(violations.empty()) << violations.size() << " violations; seed " << workload.seed;
    // What did not happen was not tested.
    for (std::size_t answer = 0; answer < 4; ++answer) {
        EXPECT_GT(answers[answer], static_cast<int>(history.observations.size()) / 100);
    }
}

TEST(RandomAppends, ThroughTheStoreAloneKeepTheContract) { hold({.transactions = 0}); }

TEST(RandomAppends, BesideUsersTransactionsKeepTheContract) { hold({}); }

TEST(RandomAppends, OnVeryFewAggregatesKeepTheContract) {
    hold({.calls_per_thread = 200, .aggregates = 3, .several = 60, .transactions = 5});
}

}  // namespace
}  // namespace postgres_test
