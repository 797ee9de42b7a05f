#pragma once

#include "harness.hpp"
#include "options.hpp"
#include "results.hpp"

#include <vector>

namespace event_sourcing::benchmarks {

/// Measures one workload: each contender once to warm up and to find its number of iterations, then rounds in which
/// they take turns, every other round in the opposite order. Says on stderr what it does.
[[nodiscard]] std::vector<Result> measure(Workload const& workload, Options const& options);

}  // namespace event_sourcing::benchmarks
