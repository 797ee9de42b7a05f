#!/usr/bin/env bash
# The program on a server: bank_account_test.sh PART PROGRAM SQL-TOOL CHECKOUT, with DATABASE_URL. Exit status 77: skipped.
set -uo pipefail
part=$1 program=$2 tool=$3 checkout=$4
# shellcheck source=tests/integration/bank_account/cli_support.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../bank_account/cli_support.sh"
server=$DATABASE_URL
schema=bank_$$
roles=bank_$$
private=

# Everything that the parts make carries this process's number.
clean_up() {
    if [[ -n $private ]]; then
        "$checkout/scripts/lib/postgres-server" stop "$private/server"
        rm -rf -- "$here" "$private"
        return
    fi
    sql "select format('drop schema %I cascade', nspname) from pg_namespace where nspname ~ '^${schema}(_|\$)'" |
        while read -r statement; do sql "$statement"; done
    for role in $(sql "select rolname from pg_roles where rolname ~ '^${roles}_'"); do
        sql "drop owned by $role; drop role $role"
    done
    rm -rf -- "$here"
}
trap clean_up EXIT

# On the tests' server, as its superuser, whatever DATABASE_URL says by now.
sql() { DATABASE_URL=$server "$tool" sql "$1"; }
# stored SCHEMA: how many events it has; 0 before it is there.
stored() { sql "select count(*) from $1.event" 2>/dev/null || echo 0; }
expect() { [[ $2 == "$3" ]] || fail "$1: $2, not $3"; }

export DATABASE_SCHEMA=$schema
# generate ROWS: as many accounts as a bank's small branch, each balance right, one row refused by no rule.
generate() {
    echo "$header"
    awk -v rows="$1" 'BEGIN { for (i = 1; i <= rows; i++) {
        a = i * 7919 % 37; amount = i * 104729 % 9973 + 1; out = balance[a] > amount && i % 3 == 0
        balance[a] += out ? -amount : amount
        printf "account-%d,2024-01-%02d,%d,%s,%d,%d\n", a, i % 28 + 1, i, out ? "withdrawal" : "deposit", amount, balance[a] } }'
}

# The events without what differs from run to run.
events_of() { DATABASE_SCHEMA=$1 "$program" events --store postgres | sed -E 's/"timestamp":"[^"]*",//; s/,"position":[0-9]+//'; }

part_store() {
    file a.csv 'ada,2024-01-01,1,deposit,100,100' 'ada,2024-01-02,2,withdrawal,30,70' '"bob ""b""",2024-01-02,3,deposit,5,5' 'ada,2024-01-03,4,withdrawal,71,-1'
    run 0 import a.csv --store postgres --verify --json --progress never
    stdout_has '{"rows":4,"accounts":2,"commands":6,"events":5,"replayed":0,"refused":{"insufficient_funds":1,"invalid_amount":0,"unknown_account":0},"store":"postgres","stream":null,"verify":{"checked":3,"mismatches":0,"first":null},"seconds":'
    stderr_is "bank-account: the schema \"$schema\" was brought from version 0 to 1"
    run 0 import a.csv --store postgres --verify --json --progress never
    stdout_has '"commands":6,"events":0,"replayed":3,"refused":{"insufficient_funds":1,'
    stdout_has '"verify":{"checked":3,"mismatches":0,"first":null}'
    stderr_is ''

    # The same as in memory.
    run 0 balances --store postgres
    cp out balances
    run 0 balances a.csv
    cmp -s out balances || fail 'the balances are not those of memory'
    run 0 events --store postgres
    sed -E 's/"timestamp":"[^"]*"//' out >events
    run 0 events a.csv
    sed -E 's/"timestamp":"[^"]*"//' out | cmp -s - events || fail 'the events are not those of memory'
    run 0 events --store postgres --aggregate BankAccount/ada --after 2 --limit 1
    lines_of_stdout 1
    stdout_has '"event_type":"MoneyWithdrawn","version":3,'
    run 0 events --store postgres --after 3
    lines_of_stdout 2
    run 0 events --store postgres --limit 0
    stdout_is ''
    run 0 events --store postgres --aggregate Other/ada
    stdout_is ''
    run 2 events --store postgres --aggregate "BankAccount/$(printf 'x%.0s' {1..256})"
    stderr_has '--aggregate: '

    # A bad row: what was before it stays, nothing of it does.
    file bad.csv 'eve,2024-01-01,10,deposit,1,1' 'eve,2024-01-01,1,deposit,100,101'
    run 3 import bad.csv --store postgres --json --progress never
    stderr_is 'bad.csv:3: transaction_id "1" is known with another account, kind or amount'
    expect 'events after a bad row' "$(stored "$schema")" 7
    file bad.csv 'new,2024-01-01,1,deposit,100,100'
    run 3 import bad.csv --store postgres --json --progress never
    expect 'events after a bad first row' "$(stored "$schema")" 7
    run 3 import none.csv --store postgres --json

    # Options win; another schema is another bank.
    DATABASE_URL=postgresql://127.0.0.1:1/none run 0 events --store postgres --database-url "$server"
    lines_of_stdout 7
    run 0 import a.csv --store postgres --database-schema "${schema}_b" --json --progress never
    stdout_has '"events":5,"replayed":0'
    DATABASE_SCHEMA=${schema}_b run 0 balances --store postgres
    cmp -s out balances || fail 'the other schema has other balances'
}

part_schema() {
    file a.csv 'ada,2024-01-01,1,deposit,100,100'
    run 1 schema check --store postgres
    stdout_is ''
    stderr_has 'does not hold an event store yet'
    for arguments in events balances 'import a.csv --progress never'; do
        # shellcheck disable=SC2086
        run 4 $arguments --store postgres --no-migrate
        expect 'lines on stderr' "$(wc -l <err)" 1
    done
    expect 'schemas made by --no-migrate' "$(sql "select count(*) from pg_namespace where nspname = '$schema'")" 0

    run 0 schema migrate --store postgres
    stdout_is "schema $schema: version 1"
    run 0 schema migrate --store postgres
    run 0 schema check --store postgres
    stdout_is "schema $schema: version 1, as this program needs it"
    run 0 import a.csv --store postgres --no-migrate --json
    stdout_has '"events":2'

    # What a DBA runs by hand is what the program makes.
    run 0 schema print --store postgres --database-schema "${schema}_printed"
    sql "$(<out)" >/dev/null || fail 'the printed SQL does not run'
    run 0 schema check --store postgres --database-schema "${schema}_printed"
    run 0 import a.csv --store postgres --database-schema "${schema}_printed" --no-migrate --json
    stdout_has '"events":2'

    # Damage is found, and somebody else's table is left alone.
    sql "alter table ${schema}_printed.event disable trigger horizon"
    run 1 schema check --store postgres --database-schema "${schema}_printed"
    stderr_has 'horizon'
    sql "create schema ${schema}_foreign; create table ${schema}_foreign.event (id int)"
    run 1 schema check --store postgres --database-schema "${schema}_foreign"
    for arguments in 'schema migrate' events 'import a.csv'; do
        # shellcheck disable=SC2086
        run 4 $arguments --store postgres --database-schema "${schema}_foreign"
    done
    sql "update $schema.event_store_meta set schema_version = 99"
    run 1 schema check --store postgres
    run 4 schema migrate --store postgres
    run 4 import a.csv --store postgres
    stderr_has 'version 99'
}

part_roles() {
    local password=not-a-secret role
    file a.csv 'ada,2024-01-01,1,deposit,100,100' 'ada,2024-01-01,2,deposit,1,101'
    for role in writer reader replication; do sql "create role ${roles}_$role login password '$password'"; done
    run 0 schema migrate --store postgres
    run 0 schema print --roles "$roles" --store postgres
    sql "$(<out)" >/dev/null || fail 'the SQL for the roles does not run'

    as() { "$tool" url "user=${roles}_$1" "password=$password"; }
    DATABASE_URL=$(as writer) run 0 import a.csv --store postgres --verify --json --progress never
    stdout_has '"events":3'
    stderr_is ''
    for role in writer reader; do
        DATABASE_URL=$(as "$role") run 0 events --store postgres --no-migrate
        lines_of_stdout 3
        DATABASE_URL=$(as "$role") run 0 balances --store postgres
        stdout_is '{"account_id":"ada","balance":101,"version":3}'
    done
    DATABASE_URL=$(as reader) run 4 import a.csv --store postgres --overdraft-limit 7 --progress never --database-schema "${schema}_none"
    expect 'schemas made by a reader' "$(sql "select count(*) from pg_namespace where nspname = '${schema}_none'")" 0
    file b.csv 'bob,2024-01-01,3,deposit,100,100'
    DATABASE_URL=$(as reader) run 4 import b.csv --store postgres --progress never
    stderr_has 'role'
    expect 'events after a reader tried to import' "$(stored "$schema")" 3
}

# The canary stands where passwords stand, in addresses that cannot be used.
part_secrets() {
    local canary=c4nary url
    file a.csv 'ada,2024-01-01,1,deposit,100,100'
    for url in "postgresql://nobody:$canary@127.0.0.1:1/none" "host=127.0.0.1 port=1 password=$canary" "postgres//nobody:$canary@host/db" \
        "postgresql://nobody:$canary@[::1/db" "postgresql://nobody:$canary@127.0.0.1/db?no_such_option=$canary" "password=$canary port" "$canary" \
        "$("$tool" url user=nobody_$$ "password=$canary")" "$("$tool" url dbname=none_$$)&password=$canary"; do
        for arguments in events 'import a.csv' 'schema check' demo; do
            # shellcheck disable=SC2086
            DATABASE_URL=$url "$program" $arguments --store postgres >out 2>err
            local got=$?
            command="bank-account $arguments"
            [[ $got == 4 || $got == 2 ]] || fail "$command: exit $got with an address that cannot be used"
            [[ ! -s out ]] || fail "$command: output"
            [[ -s err ]] || fail "$command: nothing said"
            if grep -q "$canary" out err; then fail "$command: the password is shown"; fi
        done
        # shellcheck disable=SC2086
        "$program" events --store postgres --database-url "$url" >out 2>err
        if grep -q "$canary" out err; then fail "--database-url: the password is shown"; fi
    done
    DATABASE_URL=postgresql://nobody:$canary@127.0.0.1:1/none run 0 events --help
    if grep -q "$canary" out err; then fail 'the help shows the password'; fi
    DATABASE_URL=postgresql://nobody:$canary@127.0.0.1:1/none run 4 events --store postgres
    expect 'lines on stderr' "$(wc -l <err)" 1
}

part_demo() {
    local before
    before=$(sql "select count(*) from pg_namespace where nspname like 'bank_demo_%'")
    run 0 demo --store postgres
    stdout_has '62 rows of 6 accounts: 68 events stored, 0 rows replayed, 0 refused'
    stdout_has '62 rows of 6 accounts: 0 events stored, 62 rows replayed, 0 refused'
    stdout_has 'All balances, folded from 74 events'
    stdout_has '  3  ada  2  MoneyDeposited  {"amount":10000}'
    for what in UPDATE DELETE TRUNCATE; do stdout_has "$what of event is refused"; done
    expect 'schemas left behind' "$(sql "select count(*) from pg_namespace where nspname like 'bank_demo_%'")" "$before"
}

# await COUNT PID [SCHEMA]: until so many events are stored; fails when the process ends before.
await() {
    while (($(stored "${3:-$schema}") < $1)); do
        kill -0 "$2" 2>/dev/null || {
            fail "the import ended before it had stored $1 events"
            return 1
        }
    done
}

part_signals() {
    local signal stored=0
    mkfifo pipe
    for signal in INT:130 TERM:143; do
        "$program" import pipe --store postgres --json --progress never >out 2>err &
        local pid=$!
        exec 3>pipe
        printf '%s\n' "$header" "$signal,1993-01-01,$signal,deposit,1,1" >&3
        stored=$((stored + 2))
        await "$stored" "$pid"
        kill -"${signal%:*}" "$pid"
        wait "$pid"
        local got=$?
        exec 3>&-
        command="import, ended by SIG${signal%:*}"
        expect "$command: exit" "$got" "${signal#*:}"
        stdout_is ''
        stderr_has 'stopped'
        expect 'events' "$(stored "$schema")" "$stored"
    done
}

part_killed() {
    local rows=1500 at pid
    generate $rows >a.csv
    run 0 import a.csv --store postgres --database-schema "${schema}_whole" --verify --json --progress never
    stdout_has "\"verify\":{\"checked\":$rows,\"mismatches\":0"
    for at in 1 400 900; do
        "$program" import a.csv --store postgres --json --progress never >out 2>err &
        pid=$!
        await "$at" "$pid"
        kill -KILL "$pid"
        wait "$pid" 2>/dev/null
        expect 'killed: exit' $? 137
    done
    (($(stored "$schema") < rows)) || fail 'the import was never killed in its middle'
    run 0 import a.csv --store postgres --verify --json --progress never
    [[ $(<out) =~ \"events\":([0-9]+),\"replayed\":([0-9]+), ]] || fail "$command: no counts"
    ((BASH_REMATCH[1] > 0 && BASH_REMATCH[2] >= 900 - 37)) || fail "$command: did not go on where it was"
    stdout_has "\"verify\":{\"checked\":$rows,\"mismatches\":0"
    same_as_whole "$rows"
    run 0 import a.csv --store postgres --verify --json --progress never
    stdout_has "\"events\":0,\"replayed\":$rows,"
}

# same_as_whole ROWS: what the interrupted imports left equals what the uninterrupted one stored.
same_as_whole() {
    events_of "$schema" >events
    events_of "${schema}_whole" >expected
    expect 'events of the uninterrupted import' "$(wc -l <expected)" $(($1 + 37))
    cmp -s expected events || fail 'the events differ from those of an uninterrupted import'
    run 0 balances --store postgres
    cp out balances
    run 0 balances --store postgres --database-schema "${schema}_whole"
    cmp -s balances out || fail 'the balances differ from those of an uninterrupted import'
}

# Connections that the server ends are made again, and the import goes on: nothing twice, nothing lost.
part_cut_off() {
    local rows=1000 pid at got cut=0
    generate $rows >a.csv
    "$program" import a.csv --store postgres --verify --json --progress never >out 2>err &
    pid=$!
    for at in 100 300 500 700; do
        await "$at" "$pid"
        cut=$((cut + $(sql "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'bank-account' and query like '%$schema%'")))
    done
    wait "$pid"
    got=$?
    command='import, with connections cut off'
    expect "$command: exit" "$got" 0
    ((cut >= 4)) || fail "$command: only $cut were cut"
    stdout_has "\"verify\":{\"checked\":$rows,\"mismatches\":0"
    "$program" import a.csv --store postgres --database-schema "${schema}_whole" --json --progress never >/dev/null 2>&1
    same_as_whole "$rows"
}

# start_private: a server of this test's own, with the settings in POSTGRES_SERVER_SETTINGS.
start_private() {
    private=$(mktemp -d)
    chmod 755 "$private"
    server=$("$checkout/scripts/lib/postgres-server" start "$private/server") || {
        fail 'no server'
        return 1
    }
    export DATABASE_URL=$server
}

# A server of its own, which crashes under the import.
part_server_lost() {
    local rows=800 pid got
    generate $rows >a.csv
    start_private || return
    "$program" import a.csv --store postgres --json --progress never >out 2>err &
    pid=$!
    await 300 "$pid"
    "$checkout/scripts/lib/postgres-server" crash "$private/server"
    wait "$pid"
    got=$?
    command='import, its server lost'
    expect "$command: exit" "$got" 4
    stdout_is ''
    [[ $(tail -n 1 err) == *'cannot connect to the database'* ]] || fail "$command: does not end with the reason"
    run 4 events --store postgres
    "$checkout/scripts/lib/postgres-server" restart "$private/server"
    run 0 import a.csv --store postgres --verify --json --progress never
    stdout_has "\"verify\":{\"checked\":$rows,\"mismatches\":0"
    run 0 import a.csv --store postgres --database-schema "${schema}_whole" --json --progress never
    same_as_whole "$rows"
}

# A bank's own figures, where they are at hand.
part_real_data() {
    local data=${EVENT_SOURCING_TEST_DATA:-$checkout/../shared/data}/transactions.csv.gz
    if [[ ! -r $data ]]; then
        echo 'skipped: transactions.csv.gz is not in EVENT_SOURCING_TEST_DATA (default: ../shared/data)'
        exit 77
    fi
    # No crash here: a server that does not wait for the disk at every row is as good, and quicker.
    if [[ -z ${EVENT_SOURCING_TEST_DATABASE_URL:-} ]]; then
        POSTGRES_SERVER_SETTINGS='fsync = off' start_private || return
    fi
    local rows accounts events
    rows=$(($(gzip -dc "$data" | wc -l) - 1))
    accounts=$(gzip -dc "$data" | tail -n +2 | cut -d, -f1 | sort -u | wc -l)
    events=$((rows + accounts))
    run 0 import "$data" --store postgres --overdraft-limit unlimited --verify --json --progress never
    stdout_has "{\"rows\":$rows,\"accounts\":$accounts,\"commands\":$events,\"events\":$events,\"replayed\":0,"
    stdout_has "\"verify\":{\"checked\":$rows,\"mismatches\":0,\"first\":null}"
    # Once more all of it, or its beginning, to be quick in a build without optimisation.
    local again=$rows
    [[ -n ${EVENT_SOURCING_TEST_LONG:-} ]] || again=2000
    gzip -dc "$data" | head -n $((again + 1)) >again.csv
    run 0 import again.csv --store postgres --overdraft-limit unlimited --verify --json --progress never
    stdout_has "\"events\":0,\"replayed\":$again,"
    stdout_has "\"verify\":{\"checked\":$again,\"mismatches\":0,\"first\":null}"
    run 0 balances --store postgres
    gzip -dc "$data" | tail -n +2 | awk -F, '{ last[$1] = $6; n[$1]++ } END { for (id in last) printf "{\"account_id\":\"%s\",\"balance\":%s,\"version\":%d}\n", id, last[id], n[id] + 1 }' |
        LC_ALL=C sort -t '"' -k 4,4 >expected
    cmp -s expected out || fail 'the balances are not those of the bank'
    expect 'events in the table' "$(stored "$schema")" "$events"
}

"part_$part"
finish "$part"
