#include "statements.hpp"

EVENT_SOURCING_BEGIN_NAMESPACE
namespace detail::postgres {
namespace {

std::string in_schema(std::string_view sql, std::string const& schema) {
    std::string out;
    for (auto at = sql.find("@@"); at != std::string_view::npos; at = sql.find("@@")) {
        out.append(sql.substr(0, at)).append(schema).append(".");
        sql.remove_prefix(at + 2);
    }
    return out.append(sql);
}

}  // namespace

/// `@@` stands for the schema and its dot. The functions of the server stand here without a schema, with arguments of exactly
/// their types: then a function of the same name elsewhere in search_path is never the better match.
Statements::Statements(std::string const& quoted_schema) {
    auto const make = [&quoted_schema](std::string name, std::string_view sql) {
        return Statement{"event_sourcing_" + std::move(name), in_schema(sql, quoted_schema)};
    };

    // One event on one aggregate at a known version. A row: stored. No row: nothing happened, and append() knows why.
    // The shared lock keeps it apart from append()'s exclusive one; the unique key decides between two of its own kind.
    append_one = make("append_one", R"(
        insert into @@event (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary,
                             metadata, timestamp, fingerprint)
        select $1::uuid, $2::text, $3::text, $4::bigint + 1, $5::text, $6::int, $7::json, $8::bytea, $9::json,
               coalesce($10::timestamp, now() at time zone 'utc'), $11::bytea
         where pg_advisory_xact_lock_shared(hashtextextended($2 || '/' || $3, 0::bigint)) is not null
           and $4 = coalesce((select e.version from @@event e where e.aggregate_type = $2 and e.aggregate_id = $3
                               order by e.version desc limit 1), 0)
           and (select e.id from @@event e where e.id = $1 limit 1) is null
        on conflict (aggregate_type, aggregate_id, version) do nothing
        returning position, current_setting('event_store.horizon_last', true))");

    // Several events on one aggregate at a known version. Rows: stored. No row: nothing happened. A race for the version, or an
    // id that is stored already, is 23505: nothing is stored either; a race must not skip the first row and store the rest.
    append_batch = make("append_batch", R"(
        insert into @@event (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary,
                             metadata, timestamp, fingerprint)
        select u.i, $1::text, $2::text, $3::bigint + u.o, u.t, coalesce(u.s, 1), u.d, u.b, u.m,
               coalesce(u.ts, now() at time zone 'utc'), u.f
          from unnest($4::uuid[], $5::text[], $6::int[], $7::json[], $8::bytea[], $9::json[], $10::timestamp[],
                      $11::bytea[]) with ordinality u(i, t, s, d, b, m, ts, f, o)
         where (select pg_advisory_xact_lock_shared(hashtextextended($1 || '/' || $2, 0::bigint)) is not null
                   and $3 = coalesce((select e.version from @@event e where e.aggregate_type = $1 and e.aggregate_id = $2
                                       order by e.version desc limit 1), 0))
         order by u.o
        returning position, current_setting('event_store.horizon_last', true))");

    // Many single events, of different aggregates and ids, locked in one order. Requests without a row go to append().
    // Scalar subqueries, not EXISTS: that becomes a hash join over the whole table in a generic plan.
    append_group = make("append_group", R"(
        insert into @@event (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary,
                             metadata, timestamp, fingerprint)
        select s.i, s.t, s.a, s.x + 1, s.et, coalesce(s.s, 1), s.d, s.b, s.m,
               coalesce(s.ts, now() at time zone 'utc'), s.f
          from (select *, hashtextextended(t || '/' || a, 0::bigint) h
                  from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::json[],
                              $8::bytea[], $9::json[], $10::timestamp[], $11::bytea[])
                       u(i, t, a, x, et, s, d, b, m, ts, f)
                 order by h, t, a offset 0) s
         where pg_advisory_xact_lock_shared(s.h) is not null
           and s.x = coalesce((select e.version from @@event e where e.aggregate_type = s.t and e.aggregate_id = s.a
                                order by e.version desc limit 1), 0)
           and (select e.id from @@event e where e.id = s.i limit 1) is null
        on conflict (aggregate_type, aggregate_id, version) do nothing
        returning position, current_setting('event_store.horizon_last', true), id)");

    append = make("append", R"(
        select request, outcome, version, position
          from @@append($1::int[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::uuid[], $7::text[], $8::int[],
                        $9::json[], $10::bytea[], $11::json[], $12::timestamp[], $13::bytea[]))");

    // The columns of EventRows, see event_rows.hpp.
    std::string const columns =
        "position, version, id, event_type, schema_version, data, data_binary, metadata, timestamp";
    read_forward = make("read_forward", "select " + columns + R"(
          from @@event where aggregate_type = $1::text and aggregate_id = $2::text and version > $3::bigint
         order by version limit $4::bigint)");
    read_backward = make("read_backward", "select " + columns + R"(
          from @@event where aggregate_type = $1::text and aggregate_id = $2::text and version < $3::bigint
         order by version desc limit $4::bigint)");
    version = make("version", R"(
        select version from @@event where aggregate_type = $1::text and aggregate_id = $2::text
         order by version desc limit 1)");

    std::string const named = columns + ", aggregate_type, aggregate_id";
    std::string const filter = R"(
           and ($3::text[] is null or aggregate_type = any($3)) and ($4::text[] is null or event_type = any($4)))";
    page_forward = make("page_forward", "select " + named + R"(
          from @@event where position > $1::bigint and position <= $2::bigint)" +
                                            filter + R"(
         order by position limit $5::bigint)");
    page_backward = make("page_backward", "select " + named + R"(
          from @@event where position < $1::bigint and position <= $2::bigint)" +
                                              filter + R"(
         order by position desc limit $5::bigint)");
    highest = make("highest", "select coalesce(max(position), 0) from @@event where position <= $1::bigint");
    last_drawn = make("last_drawn",
                      "select case when is_called then last_value else last_value - 1 end from @@event_position_seq");
    // By the ids alone: a plan that was made while the table was small would walk it in the order of positions.
    find = make("find", "select " + named + R"(
          from (select * from @@event where id = any($1::uuid[]) offset 0) found
         where position > $2::bigint order by position limit $3::bigint)");

    load_snapshot = make("load_snapshot", R"(
        select version, state, state_binary, fingerprint, timestamp from @@snapshot
         where aggregate_type = $1::text and aggregate_id = $2::text and version <= $3::bigint)");
    save_snapshot = make("save_snapshot", R"(
        insert into @@snapshot as s (aggregate_type, aggregate_id, version, state, state_binary, fingerprint, timestamp)
        values ($1::text, $2::text, $3::bigint, $4::json, $5::bytea, $6::text, $7::timestamp)
        on conflict (aggregate_type, aggregate_id) do update
           set version = excluded.version, state = excluded.state, state_binary = excluded.state_binary,
               fingerprint = excluded.fingerprint, timestamp = excluded.timestamp
         where s.version <= excluded.version)");
    erase_snapshot = make("erase_snapshot", R"(
        delete from @@snapshot where aggregate_type = $1::text and aggregate_id = $2::text)");

    begin_and_settle = in_schema("begin isolation level read committed read only; select @@settled()", quoted_schema);
}

}  // namespace detail::postgres
EVENT_SOURCING_END_NAMESPACE
