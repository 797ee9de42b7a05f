#include "measure.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <ranges>
#include <stdexcept>

namespace event_sourcing::benchmarks {
namespace {

/// Takes the rate of the one benchmark that runs; prints nothing.
class RateReporter final : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(Context const&) override { return true; }
    void ReportRuns(std::vector<Run> const& runs) override {
        for (auto const& run : runs) {
            if (auto const counter = run.counters.find("items_per_second"); counter != run.counters.end()) {
                rate_ = counter->second.value;
            }
        }
    }

    [[nodiscard]] double rate() const noexcept { return rate_; }

private:
    double rate_ = 0;
};

struct Measured {
    double rate;             // items a second, of all clients together
    std::size_t iterations;  // of one client
};

/// Runs one contender by Google Benchmark. `iterations` 0: as many as fill the time.
[[nodiscard]] Measured run(Workload const& workload, Contender const& contender, std::size_t iterations,
                           double seconds) {
    std::atomic<std::size_t> done{0};
    benchmark::ClearRegisteredBenchmarks();
    auto* const registered = benchmark::RegisterBenchmark(contender.name.c_str(), [&](benchmark::State& state) {
        contender.body(state);
        done = static_cast<std::size_t>(state.iterations());
        state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<double>(state.iterations()) * workload.items));
    });
    registered->Threads(static_cast<int>(workload.clients))->UseRealTime();
    if (iterations == 0) {
        registered->MinTime(seconds);
    } else {
        registered->Iterations(static_cast<benchmark::IterationCount>(iterations));
    }
    RateReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter, ".");
    if (reporter.rate() <= 0) {
        throw std::runtime_error{workload.name + ": no result for " + contender.name};
    }
    return {reporter.rate(), done};
}

}  // namespace

void require(bool right, char const* what) {
    if (!right) {
        std::cerr << "event-sourcing-bench: " << what << '\n';
        std::exit(1);  // the figures of a contender that does something else are worth nothing
    }
}

std::vector<Result> measure(Workload const& workload, Options const& options) {
    std::cerr << workload.name << ", " << workload.clients << (workload.clients == 1 ? " client" : " clients")
              << std::flush;
    if (workload.by_itself) {
        auto results = workload.by_itself(workload, options);
        std::cerr << '\n';
        return results;
    }

    auto contenders = workload.contenders();
    std::vector<Contender> all{std::move(contenders.ours)};
    std::vector<std::string> names;
    for (auto& baseline : contenders.baselines) {
        names.push_back(baseline.name);
        all.push_back(std::move(baseline));
    }
    auto const seconds = options.seconds.value_or(options.quick() ? 0.01 : 0.05);
    std::vector<std::size_t> iterations(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        iterations[i] = run(workload, all[i], 0, seconds).iterations;
    }
    Rates rates(all.size());
    for (std::size_t round = 0; round < options.rounds; ++round) {
        std::cerr << '.' << std::flush;
        for (std::size_t turn = 0; turn < all.size(); ++turn) {
            auto const i = round % 2 == 0 ? turn : all.size() - 1 - turn;
            rates[i].push_back(run(workload, all[i], iterations[i], seconds).rate);
        }
    }
    std::cerr << '\n';
    return summarise(workload, names, rates);
}

}  // namespace event_sourcing::benchmarks
