#include <event_sourcing/postgres/snapshot_store.hpp>

#include "database_implementation.hpp"
#include "text_formats.hpp"

#include <event_sourcing/limits.hpp>

EVENT_SOURCING_BEGIN_NAMESPACE

using detail::postgres::Connection;
using detail::postgres::Parameters;

namespace {

Parameters named(AggregateRef aggregate) {
    check_aggregate(aggregate, {});
    Parameters out;
    out.text(std::string{aggregate.type}).text(std::string{aggregate.id});
    return out;
}

}  // namespace

std::optional<Snapshot> PostgresSnapshotStore::load(AggregateRef aggregate, Version at_most) const {
    auto parameters = named(aggregate);
    parameters.integer(at_most.value);
    auto& database = database_->implementation();
    return database.run("load a snapshot", [&](Connection& on) -> std::optional<Snapshot> {
        auto const rows = on.run(database.statements().load_snapshot, parameters);
        if (rows.empty()) {
            return std::nullopt;
        }
        Snapshot out{.aggregate_type = std::string{aggregate.type},
                     .aggregate_id = std::string{aggregate.id},
                     .version = Version{rows.integer(0, 0)},
                     .fingerprint = std::string{rows.text(0, 3)},
                     .timestamp = detail::postgres::timestamp_of(rows.text(0, 4))};
        if (rows.is_null(0, 1)) {
            out.format = DataFormat::binary;
            detail::postgres::append_bytes_of(rows.text(0, 2), out.state);
        } else {
            out.state = rows.text(0, 1);
        }
        return out;
    });
}

void PostgresSnapshotStore::save(Snapshot const& snapshot) {
    auto parameters = named(snapshot.aggregate());
    parameters.integer(snapshot.version.value);
    bool const json = snapshot.format == DataFormat::json;
    json ? parameters.text(snapshot.state) : parameters.null();
    json ? parameters.null() : parameters.text(detail::postgres::bytes_text(snapshot.state));
    parameters.text(snapshot.fingerprint).text(detail::postgres::timestamp_text(snapshot.timestamp));
    auto& database = database_->implementation();
    database.run("save a snapshot",
                 [&](Connection& on) { return on.run(database.statements().save_snapshot, parameters); });
}

void PostgresSnapshotStore::erase(AggregateRef aggregate) {
    auto const parameters = named(aggregate);
    auto& database = database_->implementation();
    database.run("erase a snapshot",
                 [&](Connection& on) { return on.run(database.statements().erase_snapshot, parameters); });
}

EVENT_SOURCING_END_NAMESPACE
