#include "worlds.hpp"

#include <event_sourcing/inmemory/snapshot_store.hpp>

#include <memory>
#include <stop_token>
#include <thread>

namespace event_sourcing::benchmarks {
namespace {

constexpr std::array<std::size_t, 2> lengths{10, 1000};
/// A store with a repository on it, and the accounts that commands go to.
template <class A, class Codec>
struct Bank {
    World<InMemoryEventStore> store;
    std::unique_ptr<InMemorySnapshotStore> snapshots{};
    std::unique_ptr<SnapshotWriter> writer{};
    std::unique_ptr<Repository<A, Codec>> repository{};
    std::jthread thread{};  // of the writer; the first to end
};

/// How many accounts take turns: a history grows by few events during a run.
[[nodiscard]] constexpr std::size_t accounts_for(std::size_t length) { return length >= 1000 ? 16 : 2000; }

using JsonBank = Bank<Account, DefaultCodec<Account>>;
using ViewBank = Bank<ViewAccount, ViewCodec>;

[[nodiscard]] std::shared_ptr<JsonBank> json_bank(std::size_t length) {
    auto bank = std::make_shared<JsonBank>();
    bank->store = filled_store(accounts_for(length), length);
    bank->repository = std::make_unique<Repository<Account>>(*bank->store);
    return bank;
}

/// With a snapshot every hundred events, written by a thread of its own, the first at the end of the history that is
/// there.
[[nodiscard]] std::shared_ptr<JsonBank> snapshot_bank(std::size_t length) {
    auto bank = std::make_shared<JsonBank>();
    bank->store = filled_store(accounts_for(length), length);
    bank->snapshots = std::make_unique<InMemorySnapshotStore>();
    bank->writer = std::make_unique<SnapshotWriter>(*bank->snapshots);
    bank->repository = std::make_unique<Repository<Account>>(
        *bank->store,
        RepositoryOptions<Account>{.snapshots = json_snapshots<Account>(*bank->writer, after_events(100))});
    for (auto const& id : account_ids(accounts_for(length))) {
        bank->repository->execute(id, [](Account const&) { return event_number(0); });
    }
    bank->writer->write_pending();
    bank->thread = std::jthread{[writer = bank->writer.get()](std::stop_token stop) { writer->run(std::move(stop)); }};
    return bank;
}

[[nodiscard]] std::shared_ptr<ViewBank> view_bank(std::size_t length) {
    auto bank = std::make_shared<ViewBank>();
    bank->store = filled_store<ViewCodec, std::string_view>(accounts_for(length), length);
    bank->repository = std::make_unique<Repository<ViewAccount, ViewCodec>>(
        *bank->store, RepositoryOptions<ViewAccount, ViewCodec>{.codec = std::make_shared<ViewCodec const>()});
    return bank;
}

template <class MakeBank, class Text>
[[nodiscard]] Contenders commands(std::size_t length, std::size_t clients, MakeBank make_bank) {
    using A = BasicAccount<Text>;
    auto const accounts = accounts_for(length);
    auto const ids = std::make_shared<std::vector<std::string> const>(account_ids(accounts));
    auto const id = [=](std::size_t client, std::size_t i) -> std::string const& {
        return (*ids)[account_of(client, i, accounts, clients)];
    };
    auto const ours = [=](auto& bank, std::size_t client, std::size_t i) {
        bank.repository->execute(id(client, i), [i](A const& account) {
            require(account.balance > 0, "a command saw an empty account");
            return event_number<Text>(i);
        });
    };
    auto const plain = [=](PlainHistories& histories, std::size_t client, std::size_t i) {
        histories.command([&] {
            Account account;
            histories.read_unlocked(id(client, i), [&](RecordedEvent const& event) {
                event_sourcing::apply(account, plain_decode(event.event_type, event.data));
            });
            require(account.balance > 0, "a command saw an empty account");
            auto const event = event_number(i);
            event_sourcing::apply(account, event);
            auto encoded = plain_encode(event);
            histories.append_unlocked({Account::aggregate_type, id(client, i)}, std::move(encoded));
        });
    };
    auto const original = [=](OriginalStore& store, std::size_t client, std::size_t i) {
        original_command(store, id(client, i), event_number(i));
    };
    return {.ours = {"ours", in_world([=] { return make_bank(length); }, ours)},
            .baselines = {{"vector per aggregate in a hash map under a mutex, JSON",
                           in_world([=] { return filled_histories(accounts, length); }, plain)},
                          {original_name, in_world([=] { return filled_original(accounts, length); }, original)}}};
}

}  // namespace

void add_command_workloads(Workloads& to) {
    for (auto const clients : client_numbers) {
        for (auto const length : lengths) {
            auto const suffix = "/" + std::to_string(length);
            to.push_back({"command/json" + suffix, clients, "commands/s", 1,
                          [=] { return commands<decltype(&json_bank), std::string>(length, clients, &json_bank); }});
            to.push_back({"command/views" + suffix, clients, "commands/s", 1, [=] {
                              return commands<decltype(&view_bank), std::string_view>(length, clients, &view_bank);
                          }});
        }
        to.push_back({"command/snapshots/1000", clients, "commands/s", 1,
                      [=] { return commands<decltype(&snapshot_bank), std::string>(1000, clients, &snapshot_bank); }});
    }
}

}  // namespace event_sourcing::benchmarks
