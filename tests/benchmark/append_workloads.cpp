#include "worlds.hpp"
#include "writing.hpp"

#include <array>

namespace event_sourcing::benchmarks {
namespace {

constexpr std::size_t kinds = 12;  // different events, used in turn

template <class Store>
struct Writers {
    Store store;
    std::array<Writing, 2> clients{Writing{0}, Writing{1}};
    std::vector<NewEvent> events = encoded_events(kinds);
};

[[nodiscard]] Contenders short_histories(std::size_t batch) {
    auto const next_batch = [batch](std::vector<NewEvent> const& kinds_of_events, std::size_t i) {
        return fresh_batch(kinds_of_events, i, batch);
    };
    auto const ours = [=](Writers<InMemoryEventStore>& world, std::size_t client, std::size_t i) {
        auto& writing = world.clients[client];
        auto const events = next_batch(world.events, i);
        append(world.store, {Account::aggregate_type, writing.id()}, ExpectedVersion::exactly(writing.version()),
               events);
        writing.wrote(batch);
    };
    auto const plain = [=](Writers<PlainVector>& world, std::size_t client, std::size_t i) {
        auto& writing = world.clients[client];
        auto events = next_batch(world.events, i);
        world.store.append({Account::aggregate_type, writing.id()}, writing.version().next(), events);
        writing.wrote(batch);
    };
    auto const original = [=](Writers<OriginalStore>& world, std::size_t client, std::size_t i) {
        auto& writing = world.clients[client];
        for (std::size_t k = 0; k < batch; ++k) {
            world.store.persist(original_envelope(writing.id(), writing.version().value, event_number(i + k)));
            writing.wrote(1);
        }
    };
    return {
        .ours = {"ours", in_world([] { return std::make_shared<Writers<InMemoryEventStore>>(); }, ours)},
        .baselines = {{plain_name, in_world([] { return std::make_shared<Writers<PlainVector>>(); }, plain)},
                      {original_name, in_world([] { return std::make_shared<Writers<OriginalStore>>(); }, original)}}};
}

/// One event more on each of sixteen histories that have a thousand, in turn.
[[nodiscard]] Contenders long_histories(std::size_t clients) {
    static constexpr std::size_t accounts = 16;
    static constexpr std::size_t length = 1000;
    auto const ids = std::make_shared<std::vector<std::string> const>(account_ids(accounts));
    auto const events = std::make_shared<std::vector<NewEvent> const>(encoded_events(kinds));
    auto const account = [=](std::size_t client, std::size_t i) { return account_of(client, i, accounts, clients); };
    // The i-th visit of a client is the (i / accounts per client)-th of that account.
    auto const version = [=](std::size_t i) {
        return Version{static_cast<std::int64_t>(length + i / (accounts / clients))};
    };
    auto const ours = [=](InMemoryEventStore& store, std::size_t client, std::size_t i) {
        append(store, {Account::aggregate_type, (*ids)[account(client, i)]}, ExpectedVersion::exactly(version(i)),
               {fresh((*events)[i % kinds])});
    };
    auto const plain = [=](PlainVector& store, std::size_t client, std::size_t i) {
        auto event = fresh((*events)[i % kinds]);
        store.append({Account::aggregate_type, (*ids)[account(client, i)]}, version(i).next(), {&event, 1});
    };
    auto const original = [=](OriginalStore& store, std::size_t client, std::size_t i) {
        store.persist(original_envelope((*ids)[account(client, i)], version(i).value, event_number(i)));
    };
    auto const filled_vector = [] {
        auto store = std::make_shared<PlainVector>();
        for (auto const& id : account_ids(accounts)) {
            auto history = encoded_events(length);
            store->append({Account::aggregate_type, id}, Version{1}, history);
        }
        return store;
    };
    return {.ours = {"ours", in_world([] { return filled_store(accounts, length); }, ours)},
            .baselines = {{plain_name, in_world(filled_vector, plain)},
                          {original_name, in_world([] { return filled_original(accounts, length); }, original)}}};
}

}  // namespace

void add_append_workloads(Workloads& to) {
    for (auto const clients : client_numbers) {
        to.push_back({"append/1", clients, "events/s", 1, [] { return short_histories(1); }});
        to.push_back({"append/batch_10", clients, "events/s", 10, [] { return short_histories(10); }});
        to.push_back({"append/history_1000", clients, "events/s", 1, [clients] { return long_histories(clients); }});
    }
}

}  // namespace event_sourcing::benchmarks
