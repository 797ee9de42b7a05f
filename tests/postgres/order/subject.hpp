#pragma once

#include "schema.hpp"
#include "server.hpp"
#include "sql.hpp"

#include <event_sourcing/postgres/event_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postgres_test {

/// A session that writes plain SQL as a role, with the store's schema first in its search path.
[[nodiscard]] std::unique_ptr<Sql> session(TestSchema const& schema, Role role = Role::writer);

/// The INSERT of one event, as anybody may send it.
[[nodiscard]] std::string insert_statement(std::string_view aggregate, std::int64_t version = 1);

/// A store in a schema of its own, its writer and its reader being two processes for all they know of each other.
class Subject {
public:
    explicit Subject(std::string const& url = server_url()) : schema{url} {}

    TestSchema const schema;
    event_sourcing::PostgresDatabase writing{schema.options(Role::writer)};
    event_sourcing::PostgresDatabase reading{schema.options(Role::reader)};
    event_sourcing::PostgresEventStore store{writing};
    event_sourcing::PostgresEventStore reader{reading};

    event_sourcing::EntryResult append(
        std::string_view aggregate, event_sourcing::ExpectedVersion expected = event_sourcing::ExpectedVersion::any());
    event_sourcing::EntryResult append(
        event_sourcing::Transaction& transaction, std::string_view aggregate,
        event_sourcing::ExpectedVersion expected = event_sourcing::ExpectedVersion::any());

    /// The aggregates of the events behind the cursor, in pages of so many; the cursor moves on.
    std::vector<std::string> read_on(std::size_t page = 1000);
    event_sourcing::Position cursor{};

    /// The last event that the reader sees; empty where there is none.
    [[nodiscard]] std::string last_seen() const;
    /// How far the positions are drawn.
    [[nodiscard]] std::int64_t last_drawn();
};

/// The ways to get an event into the table.
enum class Way : unsigned char {
    append,
    insert,
    insert_select,
    insert_on_conflict,
    insert_in_with,
    copy,
    merge,
    repeatable_read,
    serializable,
    as_replica,
};
inline constexpr Way ways[] = {Way::append,         Way::insert, Way::insert_select,   Way::insert_on_conflict,
                               Way::insert_in_with, Way::copy,   Way::repeatable_read, Way::serializable,
                               Way::as_replica,     Way::merge};
[[nodiscard]] std::string to_string(Way way);

/// A transaction that has written one event and is still open. Rolled back when it ends without a commit.
class OpenWrite {
public:
    OpenWrite(Subject& subject, Way way, std::string const& aggregate);

    /// Another event.
    void write(std::string const& aggregate);
    void commit();
    void roll_back();

private:
    Subject* subject_;
    Way way_;
    std::optional<event_sourcing::Transaction> transaction_;
    std::unique_ptr<Sql> sql_;
};

}  // namespace postgres_test
