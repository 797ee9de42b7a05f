// What the order costs, as figures to look at rather than a test: the horizon query beside many open appends, and appends
// beside many subscribers. See scripts/soak --cost.
#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <list>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace event_sourcing;
using postgres_test::OwnServer;
using postgres_test::Role;
using postgres_test::Sql;
using postgres_test::TestSchema;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t open_appends = 100;
constexpr std::size_t queries = 5'000;
constexpr std::size_t subscribers = 10;
constexpr std::size_t callers = 4;
constexpr int rounds = 9;
constexpr std::chrono::seconds round_time{1};

double seconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double>{SteadyClock::now() - start}.count();
}

template <class T>
T quantile(std::vector<T> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

PostgresOptions with_room(PostgresOptions options) {
    options.connections = open_appends;
    return options;
}

/// The first of a reader's two statements, while so many transactions are idle and hold what an append locks.
nlohmann::ordered_json horizon_query(TestSchema const& schema) {
    PostgresDatabase database{with_room(schema.options(Role::writer))};
    PostgresEventStore store{database};
    std::list<Transaction> open;
    for (std::size_t i = 0; i < open_appends; ++i) {
        NewEvent const event{.event_type = "Paid"};
        auto const aggregate = "open-" + std::to_string(i);
        AppendEntry const entry{{"Cost", aggregate}, ExpectedVersion::any(), {&event, 1}};
        store.append(open.emplace_back(database.begin()), {.entries = {&entry, 1}});
    }
    Sql reader{schema.url(Role::reader)};
    std::vector<double> milliseconds;
    for (std::size_t i = 0; i < queries; ++i) {
        auto const start = SteadyClock::now();
        reader.run("begin isolation level read committed read only; select " + schema.name() + ".settled()");
        milliseconds.push_back(seconds_since(start) * 1000);
        reader.run("commit");
    }
    return {{"open_appends", open_appends},
            {"p50_ms", quantile(milliseconds, 0.5)},
            {"p99_ms", quantile(milliseconds, 0.99)},
            {"aim_p99_ms", 5}};
}

/// Reads on and on; after it has caught up it waits as long as a poll lasts.
void subscribe(PostgresEventStore const& store, std::chrono::milliseconds poll, std::stop_token const& stop) {
    Position cursor{};
    store.read_all({.limit = 1, .direction = Direction::backward},
                   [&](RecordedEventView const& event) { cursor = event.position; });
    std::mutex mutex;
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
        std::size_t seen = 0;
        cursor = store.read_all({.after = cursor}, [&](RecordedEventView const&) { ++seen; });
        if (seen < 1000) {
            std::unique_lock lock{mutex};
            wake.wait_for(lock, stop, poll, [] { return false; });
        }
    }
}

/// Events a second, by callers that append at the same time.
double appends_per_second(PostgresEventStore& store, std::atomic<int>& round) {
    std::atomic<std::size_t> appended{0};
    auto const number = std::to_string(++round);
    auto const start = SteadyClock::now();
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < callers; ++i) {
            threads.emplace_back([&, aggregate = number + "-" + std::to_string(i)] {
                Version version{};
                while (SteadyClock::now() - start < round_time) {
                    version = append(store, {"Cost", aggregate}, ExpectedVersion::exactly(version),
                                     {NewEvent{.event_type = "Paid", .data = R"({"amount":1})"}})
                                  .version;
                    ++appended;
                }
            });
        }
    }
    return static_cast<double>(appended) / seconds_since(start);
}

nlohmann::ordered_json appends_beside_subscribers(TestSchema const& schema, std::chrono::milliseconds poll) {
    PostgresDatabase writing{with_room(schema.options(Role::writer))};
    PostgresEventStore store{writing};
    PostgresDatabase reading{with_room(schema.options(Role::reader))};
    PostgresEventStore const reader{reading};
    std::atomic<int> round{static_cast<int>(poll.count()) * 1000};
    appends_per_second(store, round);  // warms up
    std::vector<double> ratios;
    std::vector<double> alone;
    for (int i = 0; i < rounds; ++i) {
        alone.push_back(appends_per_second(store, round));
        std::vector<std::jthread> threads;
        for (std::size_t s = 0; s < subscribers; ++s) {
            threads.emplace_back([&](std::stop_token const& stop) { subscribe(reader, poll, stop); });
        }
        ratios.push_back(appends_per_second(store, round) / alone.back());
    }
    return {{"subscribers", subscribers},
            {"poll_ms", poll.count()},
            {"appends_per_second_alone", quantile(alone, 0.5)},
            {"ratio", quantile(ratios, 0.5)},
            {"lowest", quantile(ratios, 0)},
            {"highest", quantile(ratios, 1)},
            {"rounds", rounds},
            {"aim", 0.9}};
}

/// Polls of one subscriber, one after the other, where nothing happens.
nlohmann::ordered_json empty_poll(TestSchema const& schema) {
    PostgresDatabase database{schema.options(Role::reader)};
    PostgresEventStore const store{database};
    Position cursor{};
    for (auto before = Position{-1}; before != cursor;) {
        before = cursor;
        cursor = store.read_all({.after = cursor}, [](RecordedEventView const&) {});
    }
    std::vector<double> milliseconds;
    for (std::size_t i = 0; i < queries; ++i) {
        auto const start = SteadyClock::now();
        store.read_all({.after = cursor}, [](RecordedEventView const&) {});
        milliseconds.push_back(seconds_since(start) * 1000);
    }
    return {{"p50_ms", quantile(milliseconds, 0.5)}, {"p99_ms", quantile(milliseconds, 0.99)}};
}

}  // namespace

int main() {
    try {
        OwnServer const server;
        TestSchema const schema{server.url()};
        nlohmann::ordered_json report{{"horizon_query", horizon_query(schema)}};
        for (int const poll : {100, 20, 5}) {
            report["appends_beside_subscribers"].push_back(
                appends_beside_subscribers(schema, std::chrono::milliseconds{poll}));
        }
        report["empty_poll"] = empty_poll(schema);
        std::puts(report.dump(2).c_str());
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "soak: %s\n", error.what());
        return 4;
    }
}
