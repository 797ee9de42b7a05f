#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace event_sourcing::benchmarks {

/// One way to do the work of a workload: the library's, or a baseline's.
struct Contender {
    std::string name;                             ///< what the report calls it
    std::function<void(benchmark::State&)> body;  ///< runs the timed loop; called once by each client's thread
};

/// What one workload needs while it is measured; what its contenders share dies with them.
struct Contenders {
    Contender ours;
    std::vector<Contender> baselines;
};

/// The rates of all contenders in every round: `rates[contender][round]`, the library first.
using Rates = std::vector<std::vector<double>>;

struct Options;
struct Result;

/// Something to measure: made when its turn comes, so that only one workload's data is in memory at a time.
struct Workload {
    std::string name;         ///< for `--only`, itself or a part of it up to a slash: `read`, `read/1000`
    std::size_t clients = 1;  ///< threads that work at the same time
    std::string unit;         ///< of the rates, always "more is better"
    double items = 1;         ///< how many of them one iteration of the loop is worth
    std::function<Contenders()> contenders{};  ///< measured by Google Benchmark, in rounds that alternate
    /// In place of `contenders`: does the rounds by itself.
    std::function<std::vector<Result>(Workload const&, Options const&)> by_itself{};
};

using Workloads = std::vector<Workload>;

void add_append_workloads(Workloads& to);
void add_read_workloads(Workloads& to);
void add_fold_workloads(Workloads& to);
void add_command_workloads(Workloads& to);
void add_codec_workloads(Workloads& to);
void add_import_workloads(Workloads& to);
void add_compile_workloads(Workloads& to);

/// The workloads on a Postgres server, whose names begin with `postgres/`.
void add_postgres_workloads(Workloads& to, Options const& options);
/// Why these cannot be measured here: there is no server, or one whose commits are not durable. Empty where they can.
[[nodiscard]] std::string postgres_hindrance();

/// A body whose clients share a world: `make()` gives it before each run, outside of the measured time, and
/// `step(world, client, i)` is the i-th iteration of a client.
template <class Make, class Step>
[[nodiscard]] std::function<void(benchmark::State&)> in_world(Make make, Step step) {
    auto const world = std::make_shared<decltype(make())>();
    return [=](benchmark::State& state) {
        // The loop begins and ends with a barrier over all clients: the first one may prepare and clear away alone.
        auto const client = static_cast<std::size_t>(state.thread_index());
        if (client == 0) {
            *world = make();
        }
        std::size_t i = 0;
        for ([[maybe_unused]] auto _ : state) {
            step(**world, client, i++);
        }
        if (client == 0) {
            world->reset();
        }
    };
}

/// Stops the program when a contender did not do the work it is measured for.
void require(bool right, char const* what);

}  // namespace event_sourcing::benchmarks
