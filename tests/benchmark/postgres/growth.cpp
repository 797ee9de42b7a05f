#include "workloads.hpp"

#include "libpq.hpp"
#include "schema.hpp"

#include "../results.hpp"
#include "../writing.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <array>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace event_sourcing::benchmarks::postgres {
namespace {

constexpr std::size_t length = 100;  // of each history
constexpr std::size_t few = 1'000;
constexpr std::size_t many = 10'000'000;
constexpr std::size_t calls = 3'000;  // in a round

/// The processor time that the server's processes of the library's sessions have used, in seconds.
class ServerTime {
public:
    explicit ServerTime(std::string const& application) {
        Libpq sql{server_url()};
        auto const rows = sql.run("select pid from pg_stat_activity where application_name = '" + application + "'");
        for (int row = 0; row < rows.size(); ++row) {
            processes_.emplace_back(rows.text(row, 0));
        }
    }

    [[nodiscard]] double seconds() const {
        double sum = 0;
        for (auto const& process : processes_) {
            std::ifstream file{"/proc/" + process + "/schedstat"};
            double nanoseconds = 0;
            if (!(file >> nanoseconds)) {
                throw std::runtime_error{"/proc has no processor time of the server: it must run on this machine"};
            }
            sum += nanoseconds;
        }
        return sum / 1e9;
    }

private:
    std::vector<std::string> processes_;
};

/// A store with so many events, and a session on it.
class Store {
public:
    explicit Store(std::size_t events) : accounts_{events / length}, versions_(accounts_, length) {
        std::array const histories{Histories{"account", accounts_, length}};
        fill(schema_, histories);
        write();  // a session, with its statements prepared
    }

    /// Appends to accounts all over the store; how many calls the server did in a second of its processor time.
    [[nodiscard]] double calls_per_second() {
        ServerTime const server{schema_.name()};
        auto const before = server.seconds();
        for (std::size_t i = 0; i < calls; ++i) {
            write();
        }
        return static_cast<double>(calls) / (server.seconds() - before);
    }

private:
    void write() {
        auto const account = next_++ * 7919 % accounts_;
        auto const id = account_id(account);
        append(store_, {Account::aggregate_type, id}, ExpectedVersion::exactly(Version{versions_[account]++}),
               {fresh(kinds_[next_ % kinds_.size()])});
    }

    Schema schema_;
    PostgresDatabase database_{schema_.options(1)};
    PostgresEventStore store_{database_};
    std::size_t accounts_;
    std::vector<std::int64_t> versions_;
    std::vector<NewEvent> kinds_ = encoded_events(12);
    std::size_t next_ = 0;
};

/// The big store stays; the small one is a new one in every round, so that it is still small.
[[nodiscard]] std::vector<Result> growth(Workload const& workload, Options const& options) {
    std::cerr << ": filling" << std::flush;
    Store big{many};
    settle();
    Rates rates(2);
    for (std::size_t round = 0; round < options.rounds; ++round) {
        std::cerr << '.' << std::flush;
        Store small{few};
        for (std::size_t turn = 0; turn < 2; ++turn) {
            auto const is_big = (round + turn) % 2 == 0;
            rates[is_big ? 0 : 1].push_back((is_big ? big : small).calls_per_second());
        }
    }
    return summarise(workload, {"the same with 1000 events"}, rates);
}

}  // namespace

void add_growth_workloads(Workloads& to) {
    to.push_back(
        {.name = "postgres/growth", .unit = "appends per second of the server's processor", .by_itself = &growth});
}

}  // namespace event_sourcing::benchmarks::postgres
