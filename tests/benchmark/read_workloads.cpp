#include "worlds.hpp"

#include <memory>
#include <span>

namespace event_sourcing::benchmarks {
namespace {

constexpr std::array<std::size_t, 3> lengths{10, 100, 1000};
constexpr std::size_t events_in_all = 16'000;
constexpr std::size_t many = 100'000;

/// A visitor that reads an event: it adds up the bytes of the data.
struct Sum {
    std::size_t bytes = 0;
    std::size_t events = 0;

    template <class Event>
    void operator()(Event const& event) {
        std::size_t sum = 0;  // in a register: `bytes` might, to the compiler, be part of the text
        for (char const byte : event.data) {
            sum += static_cast<unsigned char>(byte);
        }
        bytes += sum;
        ++events;
    }
};

/// A visitor that looks at nothing but the size: what is left is the price of handing an event over.
struct Count {
    std::size_t bytes = 0;
    std::size_t events = 0;

    template <class Event>
    void operator()(Event const& event) {
        bytes += event.data.size();
        ++events;
    }
};

template <class Visitor>
void finish(Visitor const& visitor, std::size_t events) {
    benchmark::DoNotOptimize(visitor.bytes);
    require(visitor.events == events, "a read visited another number of events than the history has");
}

template <class Visitor>
[[nodiscard]] Contenders one_history(std::size_t length, std::size_t clients) {
    auto const accounts = events_in_all / length;
    auto const ids = std::make_shared<std::vector<std::string> const>(account_ids(accounts));
    auto const id = [=](std::size_t client, std::size_t i) -> std::string const& {
        return (*ids)[account_of(client, i, accounts, clients)];
    };
    auto const ours = [=](InMemoryEventStore const& store, std::size_t client, std::size_t i) {
        Visitor visitor;
        store.read({Account::aggregate_type, id(client, i)}, {},
                   [&](RecordedEventView const& event) { visitor(event); });
        finish(visitor, length);
    };
    auto const plain = [=](PlainHistories const& histories, std::size_t client, std::size_t i) {
        Visitor visitor;
        histories.read(id(client, i), [&](RecordedEvent const& event) { visitor(event); });
        finish(visitor, length);
    };
    auto const original = [=](OriginalStore const& store, std::size_t client, std::size_t i) {
        auto const envelopes = store.read(id(client, i));
        benchmark::DoNotOptimize(envelopes.data());
        require(envelopes.size() == length, "a read gave another number of events than the history has");
    };
    return {.ours = {"ours", in_world([world = filled_store(accounts, length)] { return world; }, ours)},
            .baselines = {
                {"vector per aggregate in a hash map under a mutex",
                 in_world([world = filled_histories(accounts, length)] { return world; }, plain)},
                {original_name, in_world([world = filled_original(accounts, length)] { return world; }, original)}}};
}

/// Everything in order of position. The original has no such read.
[[nodiscard]] Contenders everything() {
    auto plain_world = std::make_shared<PlainVector>();
    for (std::size_t account = 0; account < many / 1000; ++account) {
        auto history = encoded_events(1000);
        plain_world->append({Account::aggregate_type, account_id(account)}, Version{1}, history);
    }
    auto const ours = [](InMemoryEventStore const& store, std::size_t, std::size_t) {
        Sum sum;
        store.read_all({.limit = many}, [&](RecordedEventView const& event) { sum(event); });
        finish(sum, many);
    };
    auto const plain = [](PlainVector const& store, std::size_t, std::size_t) {
        Sum sum;
        store.read_all([&](RecordedEvent const& event) { sum(event); });
        finish(sum, many);
    };
    return {.ours = {"ours", in_world([world = filled_store(many / 1000, 1000)] { return world; }, ours)},
            .baselines = {{plain_name, in_world([world = std::move(plain_world)] { return world; }, plain)}}};
}

/// One event by its id, ids in an order that jumps about. The original has no such read.
[[nodiscard]] Contenders by_id() {
    auto store = filled_store(many / 1000, 1000);
    auto index = std::make_shared<PlainIndex>();
    auto const ids = std::make_shared<std::vector<Uuid>>();
    store->read_all({.limit = many}, [&](RecordedEventView const& event) {
        index->append(to_owned(event));
        ids->push_back(event.id);
    });
    auto const id = [ids](std::size_t client, std::size_t i) { return (*ids)[(i * 7919 + client * 31'337) % many]; };
    auto const ours = [=](InMemoryEventStore const& events, std::size_t client, std::size_t i) {
        Sum sum;
        auto const wanted = id(client, i);
        events.find({&wanted, 1}, [&](RecordedEventView const& event) { sum(event); });
        finish(sum, 1);
    };
    auto const plain = [=](PlainIndex const& events, std::size_t client, std::size_t i) {
        Sum sum;
        events.find(id(client, i), [&](RecordedEvent const& event) { sum(event); });
        finish(sum, 1);
    };
    return {.ours = {"ours", in_world([store] { return store; }, ours)},
            .baselines = {{"vector and hash map by id under a mutex", in_world([index] { return index; }, plain)}}};
}

}  // namespace

void add_read_workloads(Workloads& to) {
    for (auto const clients : client_numbers) {
        for (auto const length : lengths) {
            to.push_back({"read/" + std::to_string(length), clients, "events/s", static_cast<double>(length),
                          [=] { return one_history<Sum>(length, clients); }});
        }
        to.push_back({"visit/1000", clients, "events/s", 1000, [=] { return one_history<Count>(1000, clients); }});
        to.push_back({"read_all", clients, "events/s", static_cast<double>(many), everything});
        to.push_back({"find", clients, "lookups/s", 1, by_id});
    }
}

}  // namespace event_sourcing::benchmarks
