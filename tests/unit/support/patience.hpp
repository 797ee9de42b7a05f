#pragma once

#include <event_sourcing/command_options.hpp>
#include <event_sourcing/testing/manual_clock.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

/// Waiting that costs no time: a pause moves the clock, and is written down.
struct Patience {
    event_sourcing::testing::ManualClock clock{};
    std::shared_ptr<std::vector<std::chrono::microseconds>> pauses =
        std::make_shared<std::vector<std::chrono::microseconds>>();
    event_sourcing::RandomSource random = [] { return std::uint64_t{0}; };  ///< by default no wait lasts at all

    [[nodiscard]] event_sourcing::Backoff::Sources sources() const {
        return {.random = random,
                .clock = clock,
                .pause = [clock = clock, pauses = pauses](std::chrono::microseconds wait) mutable {
                    pauses->push_back(wait);
                    clock.advance(wait);
                }};
    }

    [[nodiscard]] event_sourcing::CommandOptions options(event_sourcing::RetryPolicy const& policy = {}) const {
        return {.retry = policy, .sources = sources()};
    }
};
