#include "account.hpp"

#include <event_sourcing/inmemory/event_store.hpp>
#include <event_sourcing/inmemory/snapshot_store.hpp>

#include <array>
#include <iostream>

namespace es = event_sourcing;

namespace {

void events_and_aggregates() {
    // [fold]
    std::vector<Account::Event> const history{Opened{"Alice"}, Deposited{100}, Withdrawn{30}};
    std::cout << es::fold<Account>(history).balance << "\n";
    // [fold]
}

void expected_versions(es::EventStore& store) {
    // [expected]
    es::NewEvent const opened{.event_type = "AccountOpened", .data = R"({"owner":"Carol"})"};
    es::NewEvent const deposited{.event_type = "MoneyDeposited", .data = R"({"amount":100})"};

    es::append(store, {"Account", "carol"}, es::ExpectedVersion::none(), {opened});
    auto const result =
        es::append(store, {"Account", "carol"}, es::ExpectedVersion::exactly(es::Version{1}), {deposited});
    std::cout << "carol is at version " << result.version.value << "\n";

    try {
        es::NewEvent const late{.event_type = "MoneyWithdrawn", .data = R"({"amount":100})"};
        es::append(store, {"Account", "carol"}, es::ExpectedVersion::exactly(es::Version{1}), {late});
    } catch (es::VersionConflict const& conflict) {
        std::cout << "another writer was first: version " << conflict.actual().value << "\n";
    }
    // [expected]

    // [again]
    es::AppendEntry const entry{.aggregate = {"Account", "carol"},
                                .expected = es::ExpectedVersion::exactly(es::Version{1}),
                                .events = {&deposited, 1}};
    auto const again = store.append({.entries = {&entry, 1}});
    std::cout << (again.replayed ? "known" : "new") << ", version " << again.entries[0].version.value << "\n";
    // [again]
}

void several_aggregates(es::EventStore& store) {
    // [several]
    std::array const out{es::NewEvent{.event_type = "MoneyWithdrawn", .data = R"({"amount":40})"}};
    std::array const in{es::NewEvent{.event_type = "MoneyDeposited", .data = R"({"amount":40})"}};
    std::array const entries{
        es::AppendEntry{{"Account", "carol"}, es::ExpectedVersion::exactly(es::Version{2}), out},
        es::AppendEntry{{"Account", "dave"}, es::ExpectedVersion::none(), in},
        es::AppendEntry{{"AccountFreeze", "carol"}, es::ExpectedVersion::none(), {}},  // only checked: there is none
    };
    auto const result = store.append({.entries = entries});
    std::cout << "stored at positions " << result.entries[0].position.value << " and "
              << result.entries[1].position.value << "\n";
    // [several]
}

void all_events(es::EventStore const& store) {
    // [read-all]
    es::ReadAllOptions options{.limit = 2, .filter = {.event_types = {"MoneyDeposited"}}};
    for (;;) {
        auto const looked_at = store.read_all(options, [](es::RecordedEventView const& event) {
            std::cout << event.position.value << " " << event.aggregate_id << " " << event.data << "\n";
        });
        if (looked_at == options.after) {
            break;
        }
        options.after = looked_at;
    }
    // [read-all]
}

void commands(es::EventStore& store) {
    // [command-id]
    es::Repository<Account> const accounts{store};
    es::CommandContext const request{
        .command = es::Uuid::parse("0190a3c4-7b1e-7c52-8f0e-6f2b6a1d9e01"),  // chosen by the client
        .headers = {{"user", "erin"}},
        .request = R"({"owner":"Erin"})",
    };
    auto const decide = [](Account const& account) { return open(account, "Erin"); };

    auto const first = accounts.execute("erin", decide, request);
    auto const second = accounts.execute("erin", decide, request);  // the same request, sent twice
    std::cout << (first.replayed ? "known" : "new") << ", then " << (second.replayed ? "known" : "new") << "\n";
    // [command-id]

    // [context]
    accounts.history("erin", {}, [&](Account::Event const&, es::RecordedEventView const& record) {
        es::CommandContext next = es::context_of(record);  // caused by this event, on behalf of the same user
        next.command = es::Uuid::derived(record.id, 0);    // so that it may run twice
        accounts.execute("erin", [](Account const& account) { return deposit(account, 5); }, next);
        std::cout << "a welcome gift for " << next.headers.at("user") << "\n";
    });
    // [context]
}

void snapshots(es::EventStore& store) {
    // [snapshots]
    es::InMemorySnapshotStore snapshot_store;
    es::SnapshotWriter writer{snapshot_store};
    es::Repository<Account> const accounts{store,
                                           {.snapshots = es::json_snapshots<Account>(writer, es::after_events(100))}};

    accounts.execute("frank", [](Account const& account) { return open(account, "Frank"); });
    for (int i = 0; i < 150; ++i) {
        accounts.execute("frank", [](Account const& account) { return deposit(account, 1); });
    }
    auto const saved = writer.write_pending();  // in production: a thread of yours, see SnapshotWriter::run
    std::cout << saved << " snapshot, balance " << accounts.load("frank").state.balance << "\n";
    // [snapshots]
}

}  // namespace

int main() {
    es::InMemoryEventStore store;
    events_and_aggregates();
    expected_versions(store);
    several_aggregates(store);
    all_events(store);
    commands(store);
    snapshots(store);
}
