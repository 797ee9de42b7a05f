-- Version 1 of the schema: events, snapshots, checkpoints, parked events, and the order of the events.
-- Runs with the schema first in search_path. Every function fixes its own search_path to that schema (assert_rising has its
-- caller's), so that no session can put other tables, types or functions in the place of these; and only the owner may execute
-- one until roles.sql says more. No OID is kept: a back-up that is restored gets other ones.

create table event (
    position       bigint generated always as identity (cache 1) primary key,
    id             uuid      not null unique,
    aggregate_type text      not null,
    aggregate_id   text      not null,
    version        bigint    not null check (version > 0),
    event_type     text      not null,
    schema_version int       not null default 1 check (schema_version > 0),
    data           json,
    data_binary    bytea,
    metadata       json,
    fingerprint    bytea,
    timestamp      timestamp not null default (now() at time zone 'utc'),
    constraint event_has_one_data check (num_nonnulls(data, data_binary) = 1),
    constraint event_version_key unique (aggregate_type, aggregate_id, version)
);
comment on table event is 'Append-only. One row is one event; see docs/postgres.md.';
comment on column event.position is 'Place among all events: rising, with gaps, never used twice. Drawn by the database only.';
comment on column event.timestamp is 'UTC.';
comment on column event.fingerprint is 'What idempotency compares where a codec encrypts; null: the data itself.';

create table snapshot (
    aggregate_type text      not null,
    aggregate_id   text      not null,
    version        bigint    not null,
    state          json,
    state_binary   bytea,
    fingerprint    text      not null,
    timestamp      timestamp not null default (now() at time zone 'utc'),
    constraint snapshot_has_one_state check (num_nonnulls(state, state_binary) = 1),
    primary key (aggregate_type, aggregate_id)
);

create table checkpoint (
    name       text      not null,
    lane       text      not null,
    cursor     text      not null default '',
    epoch      bigint    not null default 0,
    owner      text,
    lease_ends timestamptz,
    updated_at timestamptz not null default now(),
    primary key (name, lane)
);

create table parked_event (
    projection     text        not null,
    event_id       uuid        not null,
    aggregate_type text        not null,
    aggregate_id   text        not null,
    version        bigint      not null,
    position       bigint      not null,
    envelope       json        not null,
    attempts       int         not null,
    error          text        not null,
    parked_at      timestamptz not null default now(),
    primary key (projection, event_id)
);
create index parked_event_queue on parked_event (projection, aggregate_type, aggregate_id, version);

-- One row. A store that was restored from a back-up gets a new incarnation, so that cursors from before are noticed.
create table event_store_meta (
    only_row       boolean primary key default true check (only_row),
    schema_version int  not null,
    incarnation    uuid not null default gen_random_uuid()
);

-- Before a statement inserts events, and before it draws positions for them, its transaction takes a shared advisory lock
-- that names the last position drawn so far. A reader that sees the lock knows that everything above may still come.
-- One lock per transaction: a transaction-local setting remembers its key, and a rollback to a savepoint undoes both. To take
-- the same lock again costs nothing, so it is taken at every statement, and a session that writes something else into the
-- setting gains nothing: any key at or below the last position drawn keeps the order. (The distance is for the key's 32 bits.)
create function horizon_guard() returns trigger language plpgsql volatile set search_path from current as $$
declare
    seq        constant oid := 'event_position_seq'::regclass;
    last       bigint := pg_sequence_last_value(seq);
    remembered bigint := nullif(current_setting('event_store.horizon_last', true), '');
begin
    if last is null then    -- nothing drawn yet, or set back by setval(…, false)
        select case when is_called then last_value else last_value - 1 end into last from event_position_seq;
    end if;
    if remembered > last - 1000000000 and remembered <= last then
        last := remembered;
    elsif set_config('event_store.horizon_last', last::text, true) is null then
        raise exception 'the horizon was not remembered';
    end if;
    if pg_advisory_xact_lock_shared(seq::int4, last::bit(32)::int4) is null then
        raise exception 'the horizon lock was not taken';
    end if;
    return null;
end $$;

-- Nothing changes an event, not even the owner: only remove_aggregate() may delete, and only as run by the owner.
create function refuse_change() returns trigger language plpgsql volatile set search_path from current as $$
begin
    if tg_op = 'DELETE' and current_setting('event_store.removal', true) = 'on'
        and pg_has_role(current_user, (select c.relowner from pg_class c where c.oid = tg_relid), 'usage') then
        return null;
    end if;
    raise exception '% of % is refused: events are append-only', tg_op, tg_table_name
        using errcode = '42501', hint = 'To archive or remove events, see "Archive and removal" in docs/postgres.md.';
end $$;

-- ENABLE ALWAYS: session_replication_role = replica does not skip them.
create trigger horizon before insert on event for each statement execute function horizon_guard();
alter table event enable always trigger horizon;
create trigger append_only before update or delete or truncate on event for each statement execute function refuse_change();
alter table event enable always trigger append_only;

-- The owner's one way to remove events: all those of one aggregate, with its snapshot and its parked events; how many events.
-- Whole aggregates only, since a history with a hole cannot be folded. It waits for all appends that are under way and keeps
-- new ones waiting until the end of its transaction, so keep that short; readers go on. Not only those of this aggregate: an
-- inline append looks at the version with a snapshot from before its wait for a lock, and would go on with a history that is
-- gone. To archive, copy the events elsewhere before, in the same transaction. Not granted to any role: it needs the owner's
-- rights, and the trigger asks for the owner.
create function remove_aggregate(aggregate_type text, aggregate_id text) returns bigint language plpgsql volatile
set search_path from current as $$
#variable_conflict use_column
declare
    removed bigint;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'remove_aggregate needs a READ COMMITTED transaction, this one is %',
            current_setting('transaction_isolation') using errcode = '25001';
    end if;
    lock table event in share row exclusive mode;    -- before the aggregate's lock, which appends take after the table's
    perform pg_advisory_xact_lock(hashtextextended($1 || '/' || $2, 0::bigint));
    perform set_config('event_store.removal', 'on', true);    -- an error undoes it
    delete from event where aggregate_type = $1 and aggregate_id = $2;    -- sees what was committed before the lock
    get diagnostics removed = row_count;
    perform set_config('event_store.removal', 'off', true);
    delete from snapshot where aggregate_type = $1 and aggregate_id = $2;
    delete from parked_event where aggregate_type = $1 and aggregate_id = $2;
    return removed;
end $$;

-- For the owner, after the database was restored or copied: a new incarnation, by which cursors from before are noticed, since
-- the positions above the back-up come again for other events; and a sequence that is not below the events (a copy by logical
-- replication brings none). Before the first append.
create function renew_incarnation() returns uuid language plpgsql volatile set search_path from current as $$
declare
    renewed uuid;
begin
    lock table event in share row exclusive mode;    -- nobody draws positions meanwhile
    perform setval('event_position_seq', max(position)) from event
     having max(position) > (select case when is_called then last_value else last_value - 1 end from event_position_seq);
    update event_store_meta set incarnation = gen_random_uuid() returning incarnation into strict renewed;
    return renewed;
end $$;

-- For readers, statement 1 of 2: the last position drawn and, strictly after it, the oldest horizon lock. Positions above the
-- result may still be filled; what a later statement sees at or below it is final.
create function settled() returns bigint language plpgsql volatile
    set search_path from current set enable_seqscan = off set jit = off as $$
declare
    seq  oid := 'event_position_seq'::regclass;
    last bigint;
    held bigint;
begin
    select case when is_called then last_value else last_value - 1 end into last from event_position_seq;
    -- The lock's second key is the low half of a position: decoded by its signed distance from `last`.
    select min(last + ((((l.objid::bigint - last) & 4294967295) # 2147483648) - 2147483648)) into held
      from pg_catalog.pg_locks l
     where l.locktype = 'advisory' and l.objsubid = 2 and l.classid = seq
       and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database());
    return least(last, coalesce(held, last));
end $$;

-- Refuses positions at or below the one that the transaction's horizon lock names: the sequence was set back, or caches.
create function assert_rising(first bigint) returns void language plpgsql volatile as $$
begin
    if first <= current_setting('event_store.horizon_last')::bigint then
        raise exception 'position % is not above %: the sequence of event.position was set back or caches values', first,
            current_setting('event_store.horizon_last') using errcode = '55000';
    end if;
end $$;

-- Appends one or more requests in one call, each all or nothing, each with its own outcome; a request that fails leaves the
-- others alone. One row per entry comes back.
--   e_*: per entry. Requests are numbered and adjacent; expected: v >= 0 exactly (0: none), -1 any, -2 exists; count: events.
--   v_*: per event, in the order of the entries; an array may be null where every element is.
--   outcome: 0 stored, 1 replayed, 2 version conflict, 3 duplicate event, 4 send this request again by itself (an id of it is
--   new in an earlier request of this call). version: afterwards (0), of the original (1), the actual one (2, 3, 4).
-- Outcomes are data: there is no exception block. Errors are left for races that no caller of this file causes: 23505 (one id
-- stored at two places at this moment, or a foreign insert), 40001, 40P01 (in a user's transaction): nothing of the call is
-- stored, and each request may be sent again by itself.
-- The settings: one generic plan, made once; no sequential scan kept from the time when the table was small; and jit off,
-- since without sequential scans the planner prices the sequence so high that the compiler would start (10 ms a call).
create function append(
    e_request int[], e_type text[], e_aggregate text[], e_expected bigint[], e_count int[],
    v_id uuid[], v_type text[], v_schema int[], v_data json[], v_binary bytea[], v_metadata json[], v_time timestamp[],
    v_fingerprint bytea[])
returns table (request int, outcome int, entry int, version bigint, "position" bigint) language plpgsql volatile
set search_path from current set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
    entries int := cardinality(e_request);
    events  int := coalesce(cardinality(v_id), 0);
    slot    int[];      -- per entry: the first entry of the same aggregate
    vers    bigint[];   -- per slot: the aggregate's version, as the requests so far leave it
    base    bigint[];   -- per entry: the version it writes behind; -1: writes nothing
    off     int[];      -- per entry: how many events stand before its own
    code    int[];
    vout    bigint[];
    pout    bigint[];
    pos     bigint[];
    known   boolean := false;
    e1      int := 1;
    e2      int;
    k       int;
    seen    int := 0;
    cnt     int;
    res     int;
    ver     bigint;
    p1      bigint;
    total   int := 0;
    used    int := 0;
    q       record;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'append needs a READ COMMITTED transaction, this one is %', current_setting('transaction_isolation')
            using errcode = '25001';
    end if;

    -- 1. Lock, and in a later statement, so with a later snapshot, read versions and ids.
    if entries = 1 then
        if (case when e_count[1] > 0
                 then pg_advisory_xact_lock(hashtextextended(e_type[1] || '/' || e_aggregate[1], 0::bigint))
                 else pg_advisory_xact_lock_shared(hashtextextended(e_type[1] || '/' || e_aggregate[1], 0::bigint)) end) is null then
            raise exception 'an aggregate is null' using errcode = '22004';
        end if;
        select coalesce((select e.version from event e where e.aggregate_type = e_type[1] and e.aggregate_id = e_aggregate[1]
                          order by e.version desc limit 1), 0),
               events > 0 and (select count(distinct u.i) < events
                                      or bool_or((select e.id from event e where e.id = u.i limit 1) is not null)
                                 from unnest(v_id) u(i))
          into ver, known;
        if not known then
            request := e_request[1]; entry := 1; version := ver; outcome := 0;
            if not (case e_expected[1] when -1 then true when -2 then ver > 0 else ver = e_expected[1] end) then
                outcome := 2;
            elsif events > 0 then
                with stored as (
                    insert into event (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary,
                                       metadata, timestamp, fingerprint)
                    select u.i, e_type[1], e_aggregate[1], ver + u.o, u.t, coalesce(u.s, 1), u.d, u.b, u.m,
                           coalesce(u.ts, now() at time zone 'utc'), u.f
                      from unnest(v_id, v_type, v_schema, v_data, v_binary, v_metadata, v_time, v_fingerprint)
                           with ordinality u(i, t, s, d, b, m, ts, f, o)
                     order by u.o
                    returning event.position p)
                select max(p), min(p), ver + count(*) into position, p1, version from stored;
                perform assert_rising(p1);
            end if;
            return next;
            return;
        end if;
        slot := array[1]; vers := array[ver];
    else
        perform case when s.w then pg_advisory_xact_lock(s.h) else pg_advisory_xact_lock_shared(s.h) end
           from (select hashtextextended(u.t || '/' || u.a, 0::bigint) h, bool_or(u.n > 0) w
                   from unnest(e_type, e_aggregate, e_count) u(t, a, n) group by 1 order by 1 offset 0) s;
        select array_agg(s.f order by s.o), array_agg(coalesce(s.ver, 0) order by s.o),
               events > 0 and (select count(distinct u.i) < events
                                      or bool_or((select e.id from event e where e.id = u.i limit 1) is not null)
                                 from unnest(v_id) u(i))
          into slot, vers, known
          from (select u.o, (min(u.o) over (partition by u.t, u.a))::int f,
                       (select e.version from event e where e.aggregate_type = u.t and e.aggregate_id = u.a
                         order by e.version desc limit 1) ver
                  from unnest(e_type, e_aggregate) with ordinality u(t, a, o)) s;
    end if;

    -- 2. Decide, request by request: entries e1..e2, events seen+1..seen+cnt.
    base := array_fill(-1::bigint, array[entries]);
    off := array_fill(0, array[entries]);
    code := off;
    vout := array_fill(null::bigint, array[entries]);
    pout := vout;
    while e1 <= entries loop
        e2 := e1;
        cnt := 0;
        loop
            off[e2] := seen + cnt;
            cnt := cnt + e_count[e2];
            exit when e2 = entries or e_request[e2 + 1] <> e_request[e1];
            e2 := e2 + 1;
        end loop;
        res := 0;
        if known and cnt > 0 then    -- ids that are stored, or stand twice in this call: before every check of a version
            select count(*) filter (where s.known) kn, count(distinct s.i) < cnt twice,
                   bool_or(s.i = any(v_id[1:seen])) again, bool_and(s.known and s.same and s.place) same
              into q
              from (select u.i, e.id is not null known,
                           e.event_type = u.t and e.schema_version = coalesce(u.s, 1) and case
                               when u.f is not null then e.fingerprint is not distinct from u.f
                               else e.fingerprint is null and e.data::text is not distinct from u.d::text
                                    and e.data_binary is not distinct from u.b end same,
                           e.aggregate_type = e_type[u.x] and e.aggregate_id = e_aggregate[u.x] and e.version = case
                               when u.o > off[u.x] + 1 then lag(e.version) over (order by u.o) + 1
                               when e_expected[u.x] >= 0 then e_expected[u.x] + 1
                               else greatest(e.version, -e_expected[u.x]) end place
                      from (select *, (select max(g) from generate_series(e1, e2) g where off[g] < o) x
                              from unnest(v_id, v_type, v_schema, v_data, v_binary, v_fingerprint)
                                   with ordinality w(i, t, s, d, b, f, o)
                             where o > seen and o <= seen + cnt) u
                      left join lateral (select * from event where id = u.i limit 1) e on true) s;
            res := case when q.twice then 3 when q.kn = cnt and q.same then 1 when q.kn > 0 then 3 when q.again then 4 else 0 end;
        end if;
        for k in e1..e2 loop
            exit when res <> 0;
            ver := vers[slot[k]];
            if not (case e_expected[k] when -1 then true when -2 then ver > 0 else ver = e_expected[k] end) then
                res := 2;
            end if;
        end loop;
        for k in e1..e2 loop
            code[k] := res;
            ver := vers[slot[k]];
            vout[k] := ver;
            if res = 0 and e_count[k] > 0 then
                base[k] := ver;
                vout[k] := ver + e_count[k];
                vers[slot[k]] := vout[k];
                total := total + e_count[k];
            elsif res = 1 and e_count[k] > 0 then
                select e.version, e.position into ver, p1 from event e where e.id = v_id[off[k] + e_count[k]];
                vout[k] := ver;
                pout[k] := p1;
            end if;
        end loop;
        seen := seen + cnt;
        e1 := e2 + 1;
    end loop;

    -- 3. Write. The locks made a plain INSERT safe; positions are drawn in the order of the lists.
    if total > 0 then
        with stored as (
            insert into event (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary, metadata,
                               timestamp, fingerprint)
            select u.i, x.t, x.a, x.b + u.o - x.f, u.t, coalesce(u.s, 1), u.d, u.b, u.m,
                   coalesce(u.ts, now() at time zone 'utc'), u.f
              from unnest(v_id, v_type, v_schema, v_data, v_binary, v_metadata, v_time, v_fingerprint)
                   with ordinality u(i, t, s, d, b, m, ts, f, o)
              join (select x.*, generate_series(x.f + 1, x.f + x.n) o
                      from unnest(e_type, e_aggregate, base, off, e_count) x(t, a, b, f, n) where x.b >= 0 and x.n > 0) x
                on x.o = u.o
             order by u.o
            returning event.position p)
        select array_agg(p), min(p) into pos, p1 from stored;
        perform assert_rising(p1);
        if coalesce(cardinality(pos), 0) <> total then
            raise exception 'append: % of % events stored', cardinality(pos), total using errcode = '40001';
        end if;
        for k in 1..entries loop
            if base[k] >= 0 and e_count[k] > 0 then
                used := used + e_count[k];
                pout[k] := pos[used];
            end if;
        end loop;
    end if;
    return query select * from unnest(e_request, code, array(select generate_series(1, entries)), vout, pout);
end $$;

revoke execute on function horizon_guard, refuse_change, remove_aggregate, renew_incarnation, settled, assert_rising, append
    from public;

insert into event_store_meta (schema_version) values (1);
