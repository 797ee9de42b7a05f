#pragma once

#include "history_checker.hpp"
#include "schema.hpp"

#include <cstddef>
#include <cstdint>

namespace postgres_test {

/// How much is sent, and in which proportions. The same seed makes the same choices; how calls meet is the machine's affair.
struct Workload {
    std::uint64_t seed = 1;
    std::size_t threads = 16;
    std::size_t calls_per_thread = 500;
    std::size_t aggregates = 20;
    // Weights of what a call is.
    int ordinary = 30;      ///< one event on one aggregate at a known version
    int batch = 15;         ///< several events on one aggregate, or any and exists
    int several = 25;       ///< several aggregates, written or checked; half of them cross each other
    int checks = 3;         ///< nothing but checks
    int again = 15;         ///< what somebody sent lately, unchanged: perhaps at this moment
    int altered = 8;        ///< the ids of what somebody sent lately, with something changed
    int transactions = 10;  ///< a user's transaction with some of the above, savepoints, and rollbacks
};

/// Sends a workload from threads that share a few stores on one schema, each store as if it were another process, and reads
/// all events meanwhile.
[[nodiscard]] History run(Workload const& workload, TestSchema const& schema);

}  // namespace postgres_test
