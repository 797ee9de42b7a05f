#pragma once

#include "harness.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace event_sourcing::benchmarks {

/// One line of the report: the library beside one baseline in one workload.
struct Result {
    std::string workload;
    std::size_t clients = 1;
    double ours = 0;      ///< median of the rounds, in `unit`
    double baseline = 0;  ///< median of the rounds, in `unit`
    std::string baseline_name;
    double ratio = 0;  ///< median of ours / baseline of each round
    std::string unit;
    std::size_t rounds = 0;
};

/// The middle value; of an even number of them the mean of the two in the middle. Precondition: not empty.
[[nodiscard]] double median(std::vector<double> values);

/// The results of a workload, one for each baseline.
[[nodiscard]] std::vector<Result> summarise(Workload const& workload, std::vector<std::string> const& baselines,
                                            Rates const& rates);

void write_json(std::ostream& to, std::vector<Result> const& results);
void write_table(std::ostream& to, std::vector<Result> const& results);

}  // namespace event_sourcing::benchmarks
