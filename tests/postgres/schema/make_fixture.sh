#!/usr/bin/env bash
# Writes fixtures/schema_N.sql, the memory of a released schema: make_fixture.sh N ADDRESS, with the migrations up to N in
# event-store-postgres/sql and a scratch server's superuser. Run it once, when version N is released, and never again.
set -euo pipefail
version=$1
address=$2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
sql=$(cd -- "$here/../../../event-store-postgres/sql" && pwd -P)
name=event_store_fixture

{
    echo "create schema $name; set search_path = $name, pg_temp;"
    for ((step = 1; step <= version; ++step)); do
        cat -- "$sql/$(printf %03d "$step")"_*.sql
        ((step == 1)) || echo "update event_store_meta set schema_version = $step;"
    done
    cat <<'ROWS'
insert into event (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary, metadata, fingerprint,
                   timestamp) values
    ('00000000-0000-7000-8000-000000000001', 'Account', 'alice', 1, 'Opened', 1, '{"owner": "Alice \u0000"}', null, null, null,
     '2026-01-31 12:00:00.123456'),
    ('00000000-0000-7000-8000-000000000002', 'Account', 'alice', 2, 'Deposited', 2, '{"amount": 3e2}', null,
     '{"correlation": "c-1"}', '\x01', '2026-01-31 12:00:01');
select nextval('event_position_seq');
insert into event (id, aggregate_type, aggregate_id, version, event_type, data_binary, timestamp) values
    ('00000000-0000-7000-8000-000000000003', 'Account', 'bob', 1, 'Opened', '\x00ff', '2026-01-31 12:00:02');
insert into snapshot values ('Account', 'alice', 2, '{"balance": 300}', null, 'f-1', '2026-01-31 13:00:00');
insert into checkpoint values ('balances', '', '00000000-0000-0000-0000-000000000001:4', 7, 'one', '2026-01-31 14:00:00Z',
                               '2026-01-31 13:59:00Z');
insert into parked_event values ('balances', '00000000-0000-7000-8000-000000000003', 'Account', 'bob', 1, 4, '{}', 3,
                                 'it broke', '2026-01-31 13:59:30Z');
ROWS
} | psql "$address" --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1
{
    echo "-- Schema version $version with a few rows, as pg_dump wrote it. Made by make_fixture.sh; not to be edited."
    pg_dump "$address" --schema="$name" --no-owner --column-inserts |
        grep -v -e '^[\]' -e '^SET transaction_timeout' -e '^-- Dumped'
} >"$here/fixtures/schema_$version.sql"
psql "$address" --no-psqlrc --quiet -c "set client_min_messages = warning; drop schema $name cascade"
