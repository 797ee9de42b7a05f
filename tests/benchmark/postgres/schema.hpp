#pragma once

#include "libpq.hpp"

#include "../accounts.hpp"

#include <event_sourcing/postgres/options.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace event_sourcing::benchmarks::postgres {

/// Account::aggregate_type as libpq wants it, with its end marked.
inline constexpr char const* account_type = "BankAccount";
static_assert(Account::aggregate_type == account_type);

/// The server to measure on, from EVENT_SOURCING_TEST_DATABASE_URL; empty where it names none.
[[nodiscard]] std::string const& server_url();

/// Which triggers the event table of a schema has.
enum class Triggers : unsigned char {
    as_migrated,  ///< the store's own
    none,         ///< the same table without the horizon and the refusal of changes: for a baseline alone
};

/// An event store's schema of a workload's own, made by the store's migration, dropped at the end.
class Schema {
public:
    explicit Schema(Triggers triggers = Triggers::as_migrated);
    Schema(Schema const&) = delete;
    Schema& operator=(Schema const&) = delete;
    ~Schema();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// The event table with its schema, for SQL.
    [[nodiscard]] std::string table() const { return name_ + ".event"; }
    /// How the library connects to it; at most `connections` at once.
    [[nodiscard]] PostgresOptions options(std::size_t connections = PostgresOptions{}.connections) const;
    [[nodiscard]] std::size_t events() const;

private:
    std::string name_;
};

/// Histories for `fill`: `count` accounts, named `PREFIX-0` and so on, of `length` events each.
struct Histories {
    std::string_view prefix;
    std::size_t count;
    std::size_t length;
};

/// Stores histories by one statement of SQL, written at the same time: the events of an account lie between those of the
/// others. Event i of an account is event_number(i), as in the workloads in memory.
void fill(Schema const& schema, std::span<Histories const> histories);

/// Has the server write out what it has to write, so that no contender pays for another one's pages.
void settle();

}  // namespace event_sourcing::benchmarks::postgres
