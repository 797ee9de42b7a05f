#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace soak {

/// How the writers of a run write.
struct Mode {
    std::string name{};
    std::size_t aggregates = 8;
    bool exactly = false;      ///< each append expects the version that it read; else any, behind the aggregate's lock
    bool other_first = false;  ///< each transaction writes another table, and so gets its number, before it waits
};

struct Options {
    Mode mode{};
    std::int64_t events = 100'000;
    std::size_t writers = 16;
    int crashes = 1;
    bool json = false;
    bool help = false;
};

/// The command line is wrong.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

[[nodiscard]] char const* usage() noexcept;
/// @throws UsageError
[[nodiscard]] Options parse(std::vector<std::string> const& arguments);

}  // namespace soak
