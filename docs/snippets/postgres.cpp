#include "account.hpp"

#include <event_sourcing/postgres/event_store.hpp>
#include <event_sourcing/postgres/schema.hpp>
#include <event_sourcing/postgres/snapshot_store.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>

namespace es = event_sourcing;

// [options]
es::PostgresOptions in_production(std::string url) {
    return {
        .url = std::move(url),  // with sslmode=verify-full, for one: libpq's settings pass through
        .schema = "bank",
        .connections = 8,
        .migration = es::Migration::never,  // the owner has created the schema: see "Set-up"
        .log = [](es::LogLevel, std::string_view line) { std::cerr << line << "\n"; },
    };
}
// [options]

int main() {
    char const* const url = std::getenv("DATABASE_URL");
    if (url == nullptr) {
        std::cerr << "set DATABASE_URL to the address of a PostgreSQL server\n";
        return 4;
    }

    // [program]
    es::PostgresDatabase database{{.url = url, .schema = "docs_postgres"}};  // one per process
    es::PostgresEventStore store{database};
    es::Repository<Account> const accounts{store};

    accounts.execute("alice", [](Account const& account) { return open(account, "Alice"); });
    accounts.execute("alice", [](Account const& account) { return deposit(account, 100); });
    std::cout << "alice has " << accounts.load("alice").state.balance << "\n";
    // [program]

    // [transaction]
    auto transaction = database.begin();
    transaction.execute("create table if not exists " + transaction.schema() + ".letter (account text, body text)");
    transaction.execute("insert into " + transaction.schema() + ".letter values ($1, $2)", {"bob", "Welcome, Bob!"});
    std::array const opened{es::NewEvent{.event_type = "AccountOpened", .data = R"({"owner":"Bob"})"}};
    std::array const entries{es::AppendEntry{{"Account", "bob"}, es::ExpectedVersion::none(), opened}};
    store.append(transaction, {.entries = entries});
    transaction.commit();  // the letter and the event, or neither
    // [transaction]

    std::cout << "bob is at version " << accounts.load("bob").version.value << "\n";
    static_cast<void>(in_production(url));
    auto clean = database.begin();
    clean.execute("drop schema " + clean.schema() + " cascade");
    clean.commit();
}
