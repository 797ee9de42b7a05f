#include "turns.hpp"

#include "../results.hpp"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <exception>
#include <iostream>
#include <iterator>
#include <mutex>
#include <thread>

namespace event_sourcing::benchmarks::postgres {
namespace {

using Steady = std::chrono::steady_clock;

struct Turn {
    double rate = 0;
    std::vector<double> durations{};
};

/// One turn of one caller. Rethrows what a call threw.
[[nodiscard]] Turn take_turn(std::size_t clients, Caller const& caller, double seconds) {
    Turn turn;
    std::mutex mutex;
    std::exception_ptr failure;
    std::barrier start{static_cast<std::ptrdiff_t>(clients)};
    auto const work = [&](std::size_t client) {
        std::vector<double> durations;
        std::exception_ptr mine;
        start.arrive_and_wait();
        auto const began = Steady::now();
        auto const end = began + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>{seconds});
        auto now = began;
        try {
            do {
                caller.call(client);
                auto const before = std::exchange(now, Steady::now());
                durations.push_back(std::chrono::duration<double>{now - before}.count());
            } while (now < end);
        } catch (...) {
            mine = std::current_exception();
        }
        std::scoped_lock const lock{mutex};
        turn.rate += static_cast<double>(durations.size()) / std::chrono::duration<double>{now - began}.count();
        std::ranges::copy(durations, std::back_inserter(turn.durations));
        failure = mine ? mine : failure;
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t client = 0; client < clients; ++client) {
            threads.emplace_back(work, client);
        }
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
    return turn;
}

/// The value that a share of all values does not exceed. Sorts.
[[nodiscard]] double quantile(std::vector<double>& values, double share) {
    auto const at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(at));
    return values[at];
}

}  // namespace

Turns take_turns(std::size_t clients, std::vector<Caller>& callers, Options const& options) {
    auto const seconds = options.seconds.value_or(options.quick() ? 0.02 : 0.4);
    auto const count = callers.size();
    Turns out{.rates = Rates(count), .median_durations = Rates(count), .p99_durations = Rates(count)};
    for (auto& caller : callers) {
        caller.calls += take_turn(clients, caller, seconds).durations.size();
    }
    for (std::size_t round = 0; round < options.rounds; ++round) {
        std::cerr << '.' << std::flush;
        for (std::size_t number = 0; number < count; ++number) {
            auto const i = round % 2 == 0 ? number : count - 1 - number;
            auto turn = take_turn(clients, callers[i], seconds);
            callers[i].calls += turn.durations.size();
            out.rates[i].push_back(turn.rate);
            out.median_durations[i].push_back(quantile(turn.durations, 0.5));
            out.p99_durations[i].push_back(quantile(turn.durations, 0.99));
        }
    }
    return out;
}

std::vector<Result> results_of(Workload const& workload, std::vector<Caller> const& callers, Rates const& rates) {
    std::vector<std::string> baselines;
    std::ranges::transform(callers.begin() + 1, callers.end(), std::back_inserter(baselines), &Caller::name);
    auto items = rates;
    for (auto& rounds : items) {
        std::ranges::transform(rounds, rounds.begin(), [&](double rate) { return rate * workload.items; });
    }
    return summarise(workload, baselines, items);
}

}  // namespace event_sourcing::benchmarks::postgres
