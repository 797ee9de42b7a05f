#include "workloads.hpp"

#include "libpq.hpp"
#include "schema.hpp"
#include "turns.hpp"

#include "../results.hpp"
#include "../writing.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <array>
#include <memory>

namespace event_sourcing::benchmarks::postgres {
namespace {

/// What a client of one contender does next.
struct Client {
    explicit Client(std::size_t number) : writing{number} {}

    Writing writing;
    std::size_t call = 0;
};

/// The clients of one contender, and the events that all of them write.
class Clients {
public:
    Clients(std::size_t count, std::size_t batch) : batch_{batch} {
        for (std::size_t i = 0; i < count; ++i) {
            clients_.push_back(std::make_unique<Client>(i));
        }
    }

    /// Gives `append` the client's next events and where they go.
    template <class Append>
    void next(std::size_t number, Append append) {
        auto& client = *clients_[number];
        append(client.writing, fresh_batch(kinds_, client.call++, batch_));
        client.writing.wrote(batch_);
    }

private:
    std::size_t batch_;
    std::vector<NewEvent> kinds_ = encoded_events(12);
    std::vector<std::unique_ptr<Client>> clients_;  // apart from each other: clients write at the same time
};

std::string single_insert(Schema const& schema) {
    return "insert into " + schema.table() +
           " (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary, metadata)"
           " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

std::string batch_insert(Schema const& schema) {
    return "insert into " + schema.table() +
           " (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary, metadata)"
           " select i, $1, $2, $3::bigint + o, t, s, d, b, m"
           " from unnest($4::uuid[], $5::text[], $6::int[], $7::json[], $8::bytea[], $9::json[])"
           " with ordinality u(i, t, s, d, b, m, o)";
}

void insert_one(Libpq& sql, char const* statement, Writing const& writing, NewEvent const& event) {
    auto const id = to_string(event.id);
    auto const version = std::to_string(writing.version().next().value);
    auto const schema_version = std::to_string(event.schema_version);
    std::array<char const*, 9> const parameters{id.c_str(),
                                                account_type,
                                                writing.id().c_str(),
                                                version.c_str(),
                                                event.event_type.c_str(),
                                                schema_version.c_str(),
                                                event.data.c_str(),
                                                nullptr,
                                                nullptr};
    sql.call(statement, parameters);
}

void insert_batch(Libpq& sql, char const* statement, Writing const& writing, std::vector<NewEvent> const& events) {
    auto const version = std::to_string(writing.version().value);
    std::string ids;
    std::string types;
    std::string schema_versions;
    std::string data;
    for (auto const& event : events) {
        char const separator = ids.empty() ? '{' : ',';
        auto const id = to_chars(event.id);
        (ids += separator).append(id.data(), id.size());
        (types += separator) += event.event_type;
        (schema_versions += separator) += std::to_string(event.schema_version);
        (data += separator) += '"';
        for (char const c : event.data) {
            if (c == '"' || c == '\\') {
                data += '\\';
            }
            data += c;
        }
        data += '"';
    }
    for (auto* const array : {&ids, &types, &schema_versions, &data}) {
        *array += '}';
    }
    std::array<char const*, 9> const parameters{account_type,  writing.id().c_str(),    version.c_str(), ids.c_str(),
                                                types.c_str(), schema_versions.c_str(), data.c_str(),    nullptr,
                                                nullptr};
    sql.call(statement, parameters);
}

/// New events on histories that each client has for itself, the exact version expected.
[[nodiscard]] std::vector<Result> append_events(Workload const& workload, Options const& options, std::size_t batch) {
    auto const clients = workload.clients;
    Schema const with_library;
    Schema const with_libpq{Triggers::none};
    Schema const with_triggers;

    PostgresDatabase database{with_library.options()};
    PostgresEventStore store{database};
    std::vector<std::unique_ptr<Libpq>> connections;
    for (std::size_t i = 0; i < clients; ++i) {
        auto& sql = *connections.emplace_back(std::make_unique<Libpq>(server_url()));
        // As in the library's sessions: a statement is planned once.
        sql.run("set plan_cache_mode = force_generic_plan");
        sql.prepare("bare", batch == 1 ? single_insert(with_libpq) : batch_insert(with_libpq));
        sql.prepare("with_triggers", batch == 1 ? single_insert(with_triggers) : batch_insert(with_triggers));
    }

    auto const clients_of = [&] { return std::make_shared<Clients>(clients, batch); };
    auto const by_libpq = [&](char const* statement) {
        return [&connections, statement, batch, of = clients_of()](std::size_t client) {
            of->next(client, [&](Writing const& writing, std::vector<NewEvent> const& events) {
                batch == 1 ? insert_one(*connections[client], statement, writing, events.front())
                           : insert_batch(*connections[client], statement, writing, events);
            });
        };
    };
    auto const by_library = [&store, of = clients_of()](std::size_t client) {
        of->next(client, [&](Writing const& writing, std::vector<NewEvent> const& events) {
            append(store, {Account::aggregate_type, writing.id()}, ExpectedVersion::exactly(writing.version()), events);
        });
    };
    std::string const how =
        batch == 1 ? "libpq, a prepared INSERT a call" : "libpq, a prepared INSERT from unnest a call";
    std::vector<Caller> callers{{"ours", by_library},
                                {how + ", the table without triggers", by_libpq("bare")},
                                {how + ", the same table", by_libpq("with_triggers")}};
    settle();
    auto const turns = take_turns(clients, callers, options);
    std::array const schemas{&with_library, &with_libpq, &with_triggers};
    for (std::size_t i = 0; i < schemas.size(); ++i) {
        require(schemas[i]->events() == callers[i].calls * batch,
                "a table has another number of events than were sent");
    }
    return results_of(workload, callers, turns.rates);
}

}  // namespace

void add_append_workloads(Workloads& to) {
    for (std::size_t const batch : {1U, 10U, 100U}) {
        for (std::size_t const clients : {1U, 4U, 16U, 64U}) {
            to.push_back({.name = "postgres/append/" + std::to_string(batch),
                          .clients = clients,
                          .unit = "events/s",
                          .items = static_cast<double>(batch),
                          .by_itself = [batch](Workload const& workload, Options const& options) {
                              return append_events(workload, options, batch);
                          }});
        }
    }
}

}  // namespace event_sourcing::benchmarks::postgres
