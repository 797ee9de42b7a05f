#pragma once

#include <event_sourcing/event_store.hpp>
#include <event_sourcing/limits.hpp>
#include <event_sourcing/postgres/database.hpp>

#include <memory>

EVENT_SOURCING_BEGIN_NAMESPACE

/// How a PostgresEventStore works.
struct PostgresEventStoreOptions {
    Limits limits{};  ///< may be lowered
    /// Connections over which concurrent callers' appends are combined. Single events share one of them; the others are for
    /// batches and requests of several aggregates.
    std::size_t append_connections = 2;
};

/// An EventStore in Postgres. An append is one round trip; appends of callers that come at the same time travel together, each
/// with its own outcome, and an append that is alone does not wait for others.
///
/// Thread safety: every member may be called from several threads at once. Lifetime: the database must outlive it.
class PostgresEventStore final : public EventStore {
public:
    /// On a database, with default options.
    explicit PostgresEventStore(PostgresDatabase& database)
        : PostgresEventStore{database, PostgresEventStoreOptions{}} {}
    /// On a database. @throws InvalidArgument  a limit is above the default, or there is no connection for appends.
    PostgresEventStore(PostgresDatabase& database, PostgresEventStoreOptions options);
    PostgresEventStore(PostgresEventStore const&) = delete;
    PostgresEventStore& operator=(PostgresEventStore const&) = delete;
    ~PostgresEventStore() override;

    AppendResult append(AppendRequest const& request) override;

    /// Appends in a transaction of the user's: stored when that commits. It holds back readers of all events until then.
    /// @throws as `append`; InvalidArgument where the transaction is of another PostgresDatabase; and Transient where the whole
    /// transaction must be run again. After a VersionConflict or DuplicateEvent the transaction goes on as if the append had not
    /// been asked for.
    AppendResult append(Transaction& transaction, AppendRequest const& request);

    Version read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const override;
    Position read_all(ReadAllOptions const& options, EventVisitor visit) const override;
    bool find(std::span<Uuid const> ids, EventVisitor visit) const override;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

EVENT_SOURCING_END_NAMESPACE
