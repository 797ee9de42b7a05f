#pragma once

#include "domain/account.hpp"

#include <event_sourcing/event_envelope.hpp>
#include <event_sourcing/query_handler.hpp>
#include <event_sourcing/repository.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace bank {

/// How much is, or was, in an account?
struct BalanceQuery {
    std::string account_id{};
    std::optional<event_sourcing::Version> at{};  ///< none: now
};

/// What has happened to an account?
struct HistoryQuery {
    std::string account_id{};
    event_sourcing::Version after{};  ///< the first one wanted is the next
    std::size_t limit = std::numeric_limits<std::size_t>::max();
};

/// How much is in each account?
struct BalancesQuery {};

struct Balance {
    std::string account_id{};
    Money balance{};
    event_sourcing::Version version{};
    bool operator==(Balance const&) const = default;
};

struct HistoryEntry {
    event_sourcing::RecordedEvent record{};
    Money balance_after{};
};

/// Answers from the events themselves: always right, and the slower the longer the history.
///
/// Thread safety: safe to share. Lifetime: the store must outlive it.
class QueryHandlers {
public:
    explicit QueryHandlers(event_sourcing::EventStore& store) : store_{&store}, accounts_{store} {}

    /// Nothing where there is no such account.
    [[nodiscard]] std::optional<Balance> handle(BalanceQuery const& query) const;
    /// Oldest first; empty where there is no such account.
    [[nodiscard]] std::vector<HistoryEntry> handle(HistoryQuery const& query) const;
    /// In the order of the bytes of their ids; one pass over the store.
    [[nodiscard]] std::vector<Balance> handle(BalancesQuery const& query) const;

private:
    event_sourcing::EventStore* store_;
    event_sourcing::Repository<Account> accounts_;
};

static_assert(event_sourcing::QueryHandler<QueryHandlers, BalanceQuery>);
static_assert(event_sourcing::QueryHandler<QueryHandlers, HistoryQuery>);
static_assert(event_sourcing::QueryHandler<QueryHandlers, BalancesQuery>);

}  // namespace bank
