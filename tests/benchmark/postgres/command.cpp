#include "workloads.hpp"

#include "libpq.hpp"
#include "schema.hpp"
#include "turns.hpp"

#include "../accounts.hpp"
#include "../results.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string>

namespace event_sourcing::benchmarks::postgres {
namespace {

constexpr std::size_t length = 10;  // of a history, before the first command

/// What a command does without a library: the history by one statement, folded, the decision stored by another. The unique
/// key refuses it where somebody else was faster.
class PlainCommands {
public:
    explicit PlainCommands(Schema const& schema) : sql_{server_url()} {
        sql_.run("set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off");
        sql_.prepare("load", "select version, event_type, schema_version, data from " + schema.table() +
                                 " where aggregate_type = $1 and aggregate_id = $2 order by version");
        sql_.prepare("append", "insert into " + schema.table() +
                                   " (id, aggregate_type, aggregate_id, version, event_type, schema_version, data)"
                                   " values ($1, $2, $3, $4, $5, $6, $7)");
    }

    template <class Decide>
    void execute(std::string const& id, Decide decide) {
        Account account;
        std::array<char const*, 2> const aggregate{account_type, id.c_str()};
        auto const rows = sql_.call("load", aggregate);
        for (int row = 0; row < rows.size(); ++row) {
            RecordedEventView record;
            record.event_type = rows.text(row, 1);
            record.schema_version = static_cast<int>(number(rows.text(row, 2)));
            record.data = rows.text(row, 3);
            event_sourcing::apply(account, std::get<AccountEvent>(codec_.decode(record)));
        }
        AccountEvent const decided = decide(account);
        event_sourcing::apply(account, decided);
        auto const event = codec_.encode(decided, {{Account::aggregate_type, id}, Uuid::v7()});
        auto const event_id = to_string(event.id);
        auto const version = std::to_string((rows.size() == 0 ? 0 : number(rows.text(rows.size() - 1, 0))) + 1);
        auto const schema_version = std::to_string(event.schema_version);
        std::array<char const*, 7> const parameters{
            event_id.c_str(),         account_type,           id.c_str(),        version.c_str(),
            event.event_type.c_str(), schema_version.c_str(), event.data.c_str()};
        sql_.call("append", parameters);
    }

private:
    [[nodiscard]] static std::int64_t number(std::string_view text) {
        std::int64_t out = 0;
        std::from_chars(text.data(), text.data() + text.size(), out);
        return out;
    }

    Libpq sql_;
    JsonCodec<AccountEvent> codec_;
};

/// Rounds of durations as rates: so that more is better, as everywhere.
[[nodiscard]] Rates inverse(Rates durations) {
    for (auto& rounds : durations) {
        std::ranges::transform(rounds, rounds.begin(), [](double seconds) { return 1 / seconds; });
    }
    return durations;
}

[[nodiscard]] std::vector<Result> commands(Workload const& workload, Options const& options) {
    auto const clients = workload.clients;
    std::array const histories{Histories{"account", options.quick() ? 500U : 5'000U, length}};
    auto const accounts = histories.front().count;
    Schema const with_library;
    Schema const with_libpq{Triggers::none};
    fill(with_library, histories);
    fill(with_libpq, histories);

    PostgresDatabase database{with_library.options(clients + 1)};
    PostgresEventStore store{database};
    Repository<Account> const repository{store};
    std::vector<std::unique_ptr<PlainCommands>> plain;
    for (std::size_t i = 0; i < clients; ++i) {
        plain.push_back(std::make_unique<PlainCommands>(with_libpq));
    }
    struct alignas(64) Count {
        std::size_t calls = 0;
    };
    std::vector<Count> ours_done(clients);
    std::vector<Count> theirs_done(clients);
    auto const id = [=](std::size_t client, std::size_t call) {
        return account_id(account_of(client, call * 7919, accounts, clients));
    };
    auto const decide = [](std::size_t call) {
        return [call](Account const& account) {
            require(account.balance != 0, "a command saw an empty account");
            return event_number(call);
        };
    };
    std::vector<Caller> callers{
        {"ours",
         [&](std::size_t client) {
             auto const call = ours_done[client].calls++;
             repository.execute(id(client, call), decide(call));
         }},
        {"libpq: a SELECT, the same codec, an INSERT into the table without triggers", [&](std::size_t client) {
             auto const call = theirs_done[client].calls++;
             plain[client]->execute(id(client, call), decide(call));
         }}};
    settle();
    auto const turns = take_turns(clients, callers, options);
    require(with_library.events() == accounts * length + callers[0].calls, "ours did not store an event a command");
    require(with_libpq.events() == accounts * length + callers[1].calls, "libpq did not store an event a command");

    auto results = results_of(workload, callers, turns.rates);
    auto const add = [&](char const* name, Rates const& durations) {
        auto of = workload;
        of.name += std::string{"/"} + name;
        of.unit = std::string{"1/s, 1 / "} + name;
        for (auto& result : results_of(of, callers, inverse(durations))) {
            results.push_back(std::move(result));
        }
    };
    add("p50", turns.median_durations);
    add("p99", turns.p99_durations);
    return results;
}

}  // namespace

void add_command_workloads(Workloads& to) {
    for (std::size_t const clients : {1U, 8U, 16U}) {
        to.push_back({.name = "postgres/command", .clients = clients, .unit = "commands/s", .by_itself = &commands});
    }
}

}  // namespace event_sourcing::benchmarks::postgres
