#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace event_sourcing::benchmarks {

/// What the command line asks for.
struct Options {
    std::string json{};               ///< the file for the results; empty: a table on stdout
    std::vector<std::string> only{};  ///< names of workloads, or of groups of them; empty: all
    std::size_t rounds = 7;           ///< how often each contender is measured
    std::optional<double> seconds{};  ///< at least so long in each round; without: as the workload needs it
    /// How much to measure: enough to see that everything works, the ordinary figures, or those that take many minutes too.
    enum class Extent : unsigned char { quick, ordinary, full } extent = Extent::ordinary;
    enum class Action : unsigned char { measure, list, help } action = Action::measure;
    std::vector<std::string> benchmark{};  ///< options of Google Benchmark, passed on

    [[nodiscard]] bool quick() const noexcept { return extent == Extent::quick; }
};

/// A command line that is refused; the message names the culprit.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// How to call the program.
[[nodiscard]] char const* usage() noexcept;

/// Reads the command line. @throws UsageError
[[nodiscard]] Options parse(std::vector<std::string> const& arguments);

}  // namespace event_sourcing::benchmarks
