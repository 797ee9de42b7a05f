#pragma once

#include "../harness.hpp"
#include "../options.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace event_sourcing::benchmarks::postgres {

/// One way to do a workload's work, call by call.
struct Caller {
    std::string name;
    std::function<void(std::size_t client)> call{};
    std::size_t calls = 0;  ///< how many were made, in all turns together
};

/// What the rounds gave: rates in calls a second, durations in seconds. `[caller][round]`.
struct Turns {
    Rates rates;
    Rates median_durations;  ///< of the calls of all clients in a round
    Rates p99_durations;
};

/// Measures calls that wait for a server. Each client has a thread; in a turn all of them call, each at once again when
/// its call returned, until the time is up. Callers take turns, every other round in the opposite order, after one turn
/// each to warm up.
///
/// Not by Google Benchmark, whose clients each make a fixed number of calls: with 64 of them its time would be that of
/// the slowest one's last calls, made when nobody else calls any more.
[[nodiscard]] Turns take_turns(std::size_t clients, std::vector<Caller>& callers, Options const& options);

/// The results of a workload from rates in calls a second; the first caller is the library.
[[nodiscard]] std::vector<Result> results_of(Workload const& workload, std::vector<Caller> const& callers,
                                             Rates const& rates);

}  // namespace event_sourcing::benchmarks::postgres
