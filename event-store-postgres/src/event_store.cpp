#include <event_sourcing/postgres/event_store.hpp>

#include "all_events.hpp"
#include "append_calls.hpp"
#include "combiner.hpp"
#include "database_implementation.hpp"
#include "driver_error.hpp"
#include "event_rows.hpp"
#include "page_size.hpp"
#include "transaction_implementation.hpp"

#include <event_sourcing/append_error.hpp>

#include <algorithm>
#include <limits>
#include <optional>

EVENT_SOURCING_BEGIN_NAMESPACE

using detail::postgres::AppendCalls;
using detail::postgres::ArrayLiteral;
using detail::postgres::Connection;
using detail::postgres::EventRows;
using detail::postgres::PageSize;
using detail::postgres::Parameters;
using detail::postgres::PendingAppend;

/// What a PostgresEventStore is inside.
struct PostgresEventStore::Implementation {
    Implementation(detail::postgres::Database& on, PostgresEventStoreOptions const& options)
        : database{on}, limits{lowered(options.limits)},
          combiner{options.append_connections, [this](std::span<PendingAppend* const> pending) { send(pending); }} {}

    void send(std::span<PendingAppend* const> pending) noexcept {
        try {
            auto connection = database.lease();
            database.watched(*connection,
                             [&](Connection& on) { AppendCalls{on, database.statements()}.send(pending); });
        } catch (...) {  // no connection: nothing was sent
            for (auto* const one : pending) {
                if (!one->answered()) {
                    one->refuse(std::current_exception());
                }
            }
        }
    }

    [[nodiscard]] Version version_of(AggregateRef aggregate) {
        Parameters parameters;
        parameters.text(std::string{aggregate.type}).text(std::string{aggregate.id});
        return database.run("read a version", [&](Connection& on) {
            auto const rows = on.run(database.statements().version, parameters);
            return rows.empty() ? Version{} : Version{rows.integer(0, 0)};
        });
    }

    detail::postgres::Database& database;
    Limits limits;
    detail::postgres::Combiner combiner;
};

PostgresEventStore::PostgresEventStore(PostgresDatabase& database, PostgresEventStoreOptions options) {
    if (options.append_connections == 0) {
        throw InvalidArgument{"PostgresEventStoreOptions::append_connections is 0: at least 1"};
    }
    implementation_ = std::make_unique<Implementation>(database.implementation(), options);
}

PostgresEventStore::~PostgresEventStore() = default;

AppendResult PostgresEventStore::append(AppendRequest const& request) {
    check_request(request, implementation_->limits);
    PendingAppend pending{request};
    implementation_->combiner.append(pending);
    return pending.take();
}

AppendResult PostgresEventStore::append(Transaction& transaction, AppendRequest const& request) {
    check_request(request, implementation_->limits);
    PendingAppend pending{request};
    auto& inside = *transaction.implementation_;
    if (&inside.database != &implementation_->database) {
        throw InvalidArgument{
            "append in a transaction: it was begun on another PostgresDatabase than this store's; begin it on the same "
            "one"};
    }
    try {
        inside.noting_failure(
            [&](Connection& on) { AppendCalls{on, inside.database.statements()}.send_in_transaction(pending); });
    } catch (detail::postgres::StatementFailed const& failure) {
        if (failure.is("23505")) {
            throw Transient{
                "append in a transaction: the same id is being stored elsewhere at this moment: run the transaction "
                "again"};
        }
        detail::postgres::throw_error_for(failure, "append in a transaction");
    } catch (detail::postgres::ConnectionLost const& lost) {
        detail::postgres::throw_unavailable(lost, "append in a transaction");  // without its commit nothing is stored
    }
    return pending.take();
}

Version PostgresEventStore::read(AggregateRef aggregate, ReadOptions const& options, EventVisitor visit) const {
    check_aggregate(aggregate, implementation_->limits);
    auto& database = implementation_->database;
    bool const forward = options.direction == Direction::forward;
    auto after =
        !forward && options.after == Version{} ? Version{std::numeric_limits<std::int64_t>::max()} : options.after;
    auto const& statement = forward ? database.statements().read_forward : database.statements().read_backward;
    std::optional<Version> head;
    PageSize page_size;
    for (auto left = options.limit; left > 0;) {
        auto const wanted = std::min(left, page_size.rows());
        Parameters parameters;
        parameters.text(std::string{aggregate.type}).text(std::string{aggregate.id});
        parameters.integer(after.value).integer(static_cast<std::int64_t>(wanted));
        // The connection is free again while the visitor works.
        EventRows rows{database.run("read", [&](Connection& on) { return on.run(statement, parameters); }), aggregate};
        std::size_t bytes = 0;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            auto const event = rows.at(row);
            bytes += rows.bytes();
            after = event.version;
            if (!forward && row == 0 && options.after == Version{} && !head) {
                head = event.version;
            }
            if (!visit(event)) {
                return head ? *head : implementation_->version_of(aggregate);
            }
        }
        if (rows.size() < wanted) {
            if (forward && (after != options.after || after == Version{})) {
                head = after;
            }
            break;
        }
        left -= rows.size();
        page_size.seen(rows.size(), bytes);
    }
    return head ? *head : implementation_->version_of(aggregate);
}

Position PostgresEventStore::read_all(ReadAllOptions const& options, EventVisitor visit) const {
    return detail::postgres::AllEvents{implementation_->database, options}.read(visit);
}

bool PostgresEventStore::find(std::span<Uuid const> ids, EventVisitor visit) const {
    std::vector<Uuid> distinct{ids.begin(), ids.end()};
    std::ranges::sort(distinct);
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    if (distinct.empty()) {
        return true;
    }
    ArrayLiteral array;
    for (auto const& id : distinct) {
        array.add_plain(to_string(id));
    }
    Parameters wanted;
    std::move(array).into(wanted);
    auto& database = implementation_->database;
    PageSize page_size;
    std::size_t found = 0;
    bool visiting = true;  // after the visitor has stopped only whether all are there is still to be found out
    for (Position after;;) {
        auto const rows_wanted = page_size.rows();
        auto parameters = wanted;
        parameters.integer(after.value).integer(static_cast<std::int64_t>(rows_wanted));
        EventRows rows{
            database.run("find", [&](Connection& on) { return on.run(database.statements().find, parameters); })};
        found += rows.size();
        std::size_t bytes = 0;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            auto const event = rows.at(row);
            bytes += rows.bytes();
            after = event.position;
            visiting = visiting && visit(event);
        }
        if (rows.size() < rows_wanted || found == distinct.size()) {
            return found == distinct.size();
        }
        page_size.seen(rows.size(), bytes);
    }
}

EVENT_SOURCING_END_NAMESPACE
