#include "worlds.hpp"

#include <memory>

namespace event_sourcing::benchmarks {
namespace {

constexpr std::array<std::size_t, 3> lengths{10, 100, 1000};
constexpr std::size_t events_in_all = 16'000;
constexpr char const* histories_name = "vector per aggregate in a hash map under a mutex";

/// The accounts of a workload, and the balance that each of them has.
struct Wanted {
    std::vector<std::string> ids;
    std::int64_t balance;
};

void check(std::int64_t balance, Wanted const& wanted) {
    require(balance == wanted.balance, "a fold gave another balance than the events add up to");
}

/// Events as JSON: the default codec, and its like in each baseline.
[[nodiscard]] Contenders json(std::size_t length, std::size_t clients) {
    auto const accounts = events_in_all / length;
    auto const wanted = std::make_shared<Wanted const>(Wanted{account_ids(accounts), balance_after(length)});
    auto const id = [=](std::size_t client, std::size_t i) -> std::string const& {
        return wanted->ids[account_of(client, i, accounts, clients)];
    };
    auto store = filled_store(accounts, length);
    auto const repository = std::make_shared<Repository<Account> const>(*store);
    auto const ours = [=](InMemoryEventStore const&, std::size_t client, std::size_t i) {
        check(repository->load(id(client, i)).state.balance, *wanted);
    };
    auto const plain = [=](PlainHistories const& histories, std::size_t client, std::size_t i) {
        Account account;
        histories.read(id(client, i), [&](RecordedEvent const& event) {
            event_sourcing::apply(account, plain_decode(event.event_type, event.data));
        });
        check(account.balance, *wanted);
    };
    auto const original = [=](OriginalStore const& events, std::size_t client, std::size_t i) {
        check(original_fold(events.read(id(client, i))).balance, *wanted);
    };
    return {.ours = {"ours", in_world([store] { return store; }, ours)},
            .baselines = {
                {histories_name, in_world([world = filled_histories(accounts, length)] { return world; }, plain)},
                {original_name, in_world([world = filled_original(accounts, length)] { return world; }, original)}}};
}

/// Events that are views of the stored bytes. The original knows JSON only: it is the same baseline as above.
[[nodiscard]] Contenders views(std::size_t length, std::size_t clients) {
    auto const accounts = events_in_all / length;
    auto const wanted = std::make_shared<Wanted const>(Wanted{account_ids(accounts), balance_after(length)});
    auto const id = [=](std::size_t client, std::size_t i) -> std::string const& {
        return wanted->ids[account_of(client, i, accounts, clients)];
    };
    auto store = filled_store<ViewCodec, std::string_view>(accounts, length);
    auto const codec = std::make_shared<ViewCodec const>();
    auto const repository = std::make_shared<Repository<ViewAccount, ViewCodec> const>(
        *store, RepositoryOptions<ViewAccount, ViewCodec>{.codec = codec});
    auto const ours = [=](InMemoryEventStore const&, std::size_t client, std::size_t i) {
        check(repository->load(id(client, i)).state.balance, *wanted);
    };
    auto const plain = [=](PlainHistories const& histories, std::size_t client, std::size_t i) {
        ViewAccount account;
        histories.read(id(client, i), [&](RecordedEvent const& event) {
            RecordedEventView record;
            record.event_type = event.event_type;
            record.data = event.data;
            event_sourcing::apply(account, std::get<ViewAccount::Event>(codec->decode(record)));
        });
        check(account.balance, *wanted);
    };
    auto const original = [=](OriginalStore const& events, std::size_t client, std::size_t i) {
        check(original_fold(events.read(id(client, i))).balance, *wanted);
    };
    return {.ours = {"ours", in_world([store] { return store; }, ours)},
            .baselines = {
                {histories_name,
                 in_world([world = filled_histories<ViewCodec, std::string_view>(accounts, length)] { return world; },
                          plain)},
                {original_name, in_world([world = filled_original(accounts, length)] { return world; }, original)}}};
}

}  // namespace

void add_fold_workloads(Workloads& to) {
    for (auto const clients : client_numbers) {
        for (auto const length : lengths) {
            auto const items = static_cast<double>(length);
            auto const suffix = "/" + std::to_string(length);
            to.push_back({"fold/json" + suffix, clients, "events/s", items, [=] { return json(length, clients); }});
            to.push_back({"fold/views" + suffix, clients, "events/s", items, [=] { return views(length, clients); }});
        }
    }
}

}  // namespace event_sourcing::benchmarks
