#!/usr/bin/env bash
# The program from outside: cli_test.sh PROGRAM PART CHECKOUT with|without. Exit status 77: skipped. The last argument: whether
# the program was built with Postgres.
set -uo pipefail
program=$1 part=$2 checkout=$3 postgres=$4
# shellcheck source=tests/integration/bank_account/cli_support.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/cli_support.sh"
trap 'rm -rf "$here"' EXIT

part_usage() {
    run 0 --help
    stdout_has 'Usage: bank-account'
    stderr_is ''
    run 0 --version
    [[ $(<out) =~ ^bank-account\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$command: $(<out)"
    for action in import events balances demo project rebuild schema parked why-stuck serve; do
        run 0 "$action" --help
        stdout_has "Usage: bank-account $action"
    done
    file a.csv
    local wrong=('' '--no-such-option' 'no-such-action' 'import' 'import --no-such-option' 'import a.csv --store oracle'
        'import a.csv --overdraft-limit -1' 'import a.csv --overdraft-limit 1x' 'import a.csv --overdraft-limit'
        'import a.csv --progress always' 'events' 'events a.csv --after -1' 'events a.csv --limit x' 'events a.csv --limit 0x10'
        'events a.csv --aggregate BankAccount' 'events a.csv --aggregate /a' 'events a.csv --aggregate BankAccount/'
        'balances' 'balances a.csv --from nowhere' 'demo extra' 'schema drop' 'serve --port 65536')
    for arguments in "${wrong[@]}"; do
        # shellcheck disable=SC2086
        run 2 $arguments
        stderr_has 'Usage: bank-account'
    done
    run 2 events a.csv --aggregate "BankAccount/$(printf 'x%.0s' {1..256})"
    stderr_has 'Usage: bank-account'
    run 2 events a.csv --aggregate ''
    stderr_has '--aggregate wants'
    run 2 events a.csv --limit ''
    stderr_has '--limit wants'
    run 2 no-such-action
    stderr_has 'unknown argument: no-such-action'
    # What needs more than memory says so.
    for arguments in project rebuild 'schema check' parked why-stuck 'why-stuck --json' 'project --until-caught-up' 'balances a.csv --from read-model'; do
        # shellcheck disable=SC2086
        run 2 $arguments
        stderr_has '--store memory has no '
    done
    run 2 serve
    stderr_has 'serve is not in this version'
    # What is not there yet says so as well.
    for arguments in serve project rebuild parked why-stuck 'balances --from read-model'; do
        # shellcheck disable=SC2086
        run 2 $arguments --store postgres
        stderr_has ' is not in this version yet'
    done
    # Without a server to use: one line that says what to do.
    unset DATABASE_URL
    local wanted='bank-account: this build has no Postgres store: use --store memory, or build with -DEVENT_SOURCING_POSTGRES=ON'
    [[ $postgres == without ]] ||
        wanted='bank-account: --store postgres needs a server: set DATABASE_URL=postgresql://USER@HOST:PORT/DATABASE, or give --database-url'
    for arguments in 'import a.csv' events balances demo 'schema migrate' 'schema check'; do
        # shellcheck disable=SC2086
        run 4 $arguments --store postgres
        stderr_is "$wanted"
        # shellcheck disable=SC2086
        DATABASE_URL='' run 4 $arguments --store postgres
        stderr_is "$wanted"
    done
    # Options of one store with the other one.
    for arguments in 'import a.csv --no-migrate' 'import a.csv --database-url x' 'events a.csv --database-schema x' 'demo --database-url x'; do
        # shellcheck disable=SC2086
        run 2 $arguments
        stderr_has ' is for --store postgres'
    done
    for action in events balances; do
        run 2 "$action" a.csv --store postgres
        stderr_has 'FILE is for --store memory'
    done
    run 2 import --store postgres
    stderr_has 'FILE is missing'
    for arguments in schema 'schema drop' 'schema migrate --roles' 'schema check --roles bank' 'schema print --no-migrate' 'demo --no-migrate'; do
        # shellcheck disable=SC2086
        run 2 $arguments --store postgres
    done
    if [[ $postgres == with ]]; then
        # The SQL needs no server.
        run 0 schema print --store postgres
        stdout_has 'create schema "public"'
        DATABASE_SCHEMA=of_the_environment run 0 schema print --store postgres
        stdout_has '"of_the_environment"'
        DATABASE_SCHEMA=of_the_environment run 0 schema print --store postgres --database-schema of_the_option
        stdout_has '"of_the_option"'
        run 0 schema print --roles --store postgres
        stdout_has 'bank_writer'
        run 0 schema print --roles branch --store postgres
        stdout_has 'branch_writer'
        run 2 schema print --roles 'not a role' --store postgres
        run 2 schema print --store postgres --database-schema 'x"; drop table event; --'
        run 2 schema print --store postgres --database-schema ''
        stderr_has "the schema's name"
    fi
    if [[ -w /dev/full ]]; then
        "$program" demo >/dev/full 2>err
        [[ $? == 1 ]] || fail 'a full disk was not noticed'
    fi
}

part_import() {
    file a.csv 'ada,2024-01-01,1,deposit,100,100' 'ada,2024-01-02,2,withdrawal,30,70' 'bob,2024-01-02,3,deposit,5,5' 'bob,2024-01-03,4,withdrawal,6,-1'
    local counts='"rows":4,"accounts":2,"commands":6,"events":5,"replayed":0,"refused":{"insufficient_funds":1,"invalid_amount":0,"unknown_account":0},"store":"memory","stream":null'
    run 0 import a.csv --json --progress never
    lines_of_stdout 1
    stdout_has "{$counts,\"verify\":{\"checked\":0,\"mismatches\":0,\"first\":null},\"seconds\":"
    stderr_is ''
    run 0 import a.csv --json --verify
    stdout_has "{$counts,\"verify\":{\"checked\":3,\"mismatches\":0,\"first\":null},\"seconds\":"
    stderr_is 'a.csv: 4 rows'
    run 0 import a.csv
    stdout_has 'imported 4 rows of 2 accounts'
    run 0 import a.csv a.csv --overdraft-limit unlimited --verify --json
    stdout_has '"rows":8,"accounts":2,"commands":10,"events":6,"replayed":4,'
    stdout_has '"verify":{"checked":8,"mismatches":0,"first":null}'
    run 0 import a.csv --overdraft-limit 1 --json
    stdout_has '"insufficient_funds":0'

    gzip -k a.csv
    mv a.csv.gz other-name
    run 0 import other-name --json
    stdout_has "$counts"
    "$program" import <(cat a.csv) --json >out 2>err
    command='import of a pipe'
    stdout_has "$counts"

    file wrong.csv 'ada,2024-01-01,1,deposit,100,100' 'ada,2024-01-02,2,deposit,30,131' 'ada,2024-01-02,3,deposit,1,132'
    run 1 import wrong.csv --verify --json --progress never
    stdout_has '"verify":{"checked":3,"mismatches":2,"first":{"line":3,"account_id":"ada","expected":131,"actual":130}}'
    stderr_is 'wrong.csv:3: the balance of account "ada" should be 131 and is 130'
    run 0 import wrong.csv --json

    file header.csv
    run 0 import header.csv --json
    stdout_has '"rows":0,"accounts":0,"commands":0,"events":0,'
    printf '%s\r\nada,2024-01-01,1,deposit,5,5\r\n' "$header" >crlf.csv
    run 0 import crlf.csv --verify --json
    stdout_has '"events":2'
    file refused.csv 'ada,2024-01-01,1,deposit,9223372036854775807,9223372036854775807' 'ada,2024-01-01,2,deposit,1,0' 'ada,2024-01-01,3,deposit,0,0' 'ada,2024-01-01,4,deposit,-5,0'
    run 0 import refused.csv --overdraft-limit unlimited --verify --json
    stdout_has '"events":2,"replayed":0,"refused":{"insufficient_funds":0,"invalid_amount":3,"unknown_account":0}'
}

# bad NAME LINE WHAT: an import of the file ends with 3 and exactly one line on stderr that begins so.
bad() {
    run 3 import "$1" --json
    [[ $(wc -l <err) == 1 ]] || fail "$command: not one line on stderr"
    [[ $(<err) == "$1${2:+:$2}: $3"* ]] || fail "$command: stderr does not begin with $1${2:+:$2}: $3"
}

part_bad_input() {
    local good='1,1993-01-01,1,deposit,100,100'
    file short.csv "$good" '1,1993-01-01,2,deposit' && bad short.csv 3 'the row has 4 columns'
    file text.csv "$good" '1,1993-01-01,2,deposit,12x,100' && bad text.csv 3 'amount "12x" is not a whole number'
    file over.csv "$good" '1,1993-01-01,2,deposit,9223372036854775808,100' && bad over.csv 3 'amount "9223372036854775808" is beyond 64 bits'
    file kind.csv "$good" '1,1993-01-01,2,gift,1,1' && bad kind.csv 3 'kind "gift" is neither'
    file known.csv "$good" '2,1993-01-01,1,deposit,100,100' && bad known.csv 3 'transaction_id "1" is known'
    file blank.csv "$good" '' && bad blank.csv 3 'the row has 1 columns'
    echo a,b >header.csv && bad header.csv 1 'the header is "a,b"'
    : >empty.csv && bad empty.csv 1 'the file is empty'
    : | gzip >empty.csv.gz && bad empty.csv.gz 1 'the file is empty'
    bad none.csv '' 'cannot be opened: No such file or directory'
    mkdir folder && bad folder '' 'is a directory'
    bad . '' 'is a directory'

    # A gzip file that is cut off: rows that were read in full are stored, the line in which it ends is named.
    { echo "$header"; for ((i = 1; i <= 2000; i++)); do echo "$i,1993-01-01,$i,deposit,$((i * 7919 % 10007 + 1)),$((i * 7919 % 10007 + 1))"; done; } | gzip >whole.csv.gz
    head -c 6000 whole.csv.gz >cut.csv.gz
    local line
    line=$(($(gzip -dc cut.csv.gz 2>/dev/null | wc -l) + 1))
    bad cut.csv.gz "$line" 'the gzip file is cut off here'
    head -c 1 whole.csv.gz >one.csv.gz && bad one.csv.gz 1 'the header is'
    head -c 2 whole.csv.gz >two.csv.gz && bad two.csv.gz 1 'the gzip file is cut off here'
    { head -c 3000 whole.csv.gz; head -c 4000 /dev/zero; } >damaged.csv.gz
    run 3 import damaged.csv.gz --json
    head -c 300000 /dev/zero >zeros.csv && bad zeros.csv 1 'the line is longer than'

    # The other actions read files in the same way, and a good file before a bad one does not help.
    file fine.csv "$good"
    run 3 events fine.csv short.csv
    run 3 balances fine.csv short.csv
    run 3 import fine.csv none.csv --json
    if [[ $(id -u) != 0 ]]; then
        chmod 000 fine.csv && bad fine.csv '' 'cannot be opened: Permission denied'
    fi
}

part_events() {
    file a.csv 'a/b,2024-01-01,1,deposit,100,100' '"c ""d""",2024-01-02,2,deposit,5,5' 'a/b,2024-01-03,3,withdrawal,30,70'
    run 0 events a.csv
    lines_of_stdout 5
    local n=0 line
    while read -r line; do
        n=$((n + 1))
        [[ $line =~ ^\{\"id\":\"[0-9a-f-]{36}\",\"aggregate_id\":.*,\"aggregate_type\":\"BankAccount\",\"data\":\{.*\},\"event_type\":\"[A-Za-z]+\",\"version\":[0-9]+,\"timestamp\":\"[0-9T:.-]+Z\".*,\"position\":$n\}$ ]] ||
            fail "$command: $line"
    done <out
    stdout_has '"aggregate_id":"c \"d\"","aggregate_type":"BankAccount","data":{"amount":5,"date":"2024-01-02"},"event_type":"MoneyDeposited","version":2,'
    run 0 events a.csv --aggregate BankAccount/a/b
    lines_of_stdout 3
    stdout_has '"event_type":"MoneyWithdrawn","version":3,'
    run 0 events a.csv --aggregate BankAccount/a/b --after 1 --limit 1
    lines_of_stdout 1
    stdout_has '"position":2}'
    run 0 events a.csv --after 3
    lines_of_stdout 2
    run 0 events a.csv --after 3 --limit 1
    lines_of_stdout 1
    stdout_has '"position":4}'
    run 0 events a.csv --after 5
    stdout_is ''
    run 0 events a.csv --after 9223372036854775807
    stdout_is ''
    run 0 events a.csv --limit 0
    stdout_is ''
    run 0 events a.csv --aggregate BankAccount/a/b --limit 0
    stdout_is ''
    run 0 events a.csv --aggregate BankAccount/nobody
    stdout_is ''
    run 0 events a.csv --aggregate Other/a/b
    stdout_is ''
    # More than one page of any reader.
    { echo "$header"; for ((i = 1; i <= 1200; i++)); do echo "$((i % 100)),1993-01-01,$i,deposit,1,1"; done; } >many.csv
    run 0 events many.csv
    lines_of_stdout 1300
}

part_balances() {
    file a.csv 'b,2024-01-01,1,deposit,100,100' 'é,2024-01-02,2,deposit,5,5' '"a ""q""",2024-01-02,3,deposit,7,7' 'b,2024-01-03,4,withdrawal,130,-30' 'B,2024-01-03,5,deposit,1,1'
    run 0 balances a.csv --overdraft-limit unlimited
    stdout_is '{"account_id":"B","balance":1,"version":2}
{"account_id":"a \"q\"","balance":7,"version":2}
{"account_id":"b","balance":-30,"version":3}
{"account_id":"é","balance":5,"version":2}'
    run 0 balances a.csv --from events
    stdout_has '{"account_id":"b","balance":100,"version":2}'
    file none.csv
    run 0 balances none.csv
    stdout_is ''
}

# A pipe that is never closed keeps the import waiting, so that the signal meets it between two rows.
part_signals() {
    local signal
    mkfifo pipe
    for signal in INT:130 TERM:143; do
        # In the background bash lets children ignore SIGINT, which the program undoes by noting it.
        "$program" import pipe --json --progress never >out 2>err &
        local pid=$!
        exec 3>pipe
        printf '%s\n%s\n' "$header" '1,1993-01-01,1,deposit,1,1' >&3
        kill -"${signal%:*}" "$pid"
        wait "$pid"
        local got=$?
        exec 3>&-
        command="import, ended by SIG${signal%:*}"
        [[ $got == "${signal#*:}" ]] || fail "$command: exit $got"
        stdout_is ''
        stderr_has 'stopped'
    done
}

part_demo() {
    run 0 demo
    stderr_is ''
    stdout_has 'AccountOpened {"overdraft_limit":0,"owner":"Ada Winter"}'
    stdout_has 'insufficient_funds'
    stdout_has 'TransferReceived {"amount":2550,"from":"ada"}'
    stdout_has 'ada: balance 100.00 as of version 2'
    stdout_has '62 rows of 6 accounts: 68 events stored, 0 rows replayed, 0 refused'
    stdout_has '62 rows of 6 accounts: 0 events stored, 62 rows replayed, 0 refused'
    if grep -q $'\x1b' out; then fail 'colours although stdout is no terminal'; fi
}

# A bank's own figures, where they are at hand.
part_real_data() {
    local data=${EVENT_SOURCING_TEST_DATA:-$checkout/../shared/data}/transactions.csv.gz
    if [[ ! -r $data ]]; then
        echo 'skipped: transactions.csv.gz is not in EVENT_SOURCING_TEST_DATA (default: ../shared/data)'
        exit 77
    fi
    # All of it once; the rest on its beginning, to be quick in a build without optimisation, unless long cases are
    # wanted.
    count_rows "$data"
    run 0 import "$data" --overdraft-limit unlimited --verify --json --progress never
    stdout_has "{\"rows\":$rows,\"accounts\":$accounts,\"commands\":$events,\"events\":$events,\"replayed\":0,"
    stdout_has "\"verify\":{\"checked\":$rows,\"mismatches\":0,\"first\":null}"

    if [[ -n ${EVENT_SOURCING_TEST_LONG:-} ]]; then
        cp "$data" some.csv.gz
    else
        gzip -dc "$data" | head -n 7001 | gzip >some.csv.gz
    fi
    count_rows some.csv.gz
    run 0 import some.csv.gz some.csv.gz --overdraft-limit unlimited --verify --json --progress never
    stdout_has "{\"rows\":$((2 * rows)),\"accounts\":$accounts,\"commands\":$((2 * rows + accounts)),\"events\":$events,\"replayed\":$rows,"
    stdout_has "\"verify\":{\"checked\":$((2 * rows)),\"mismatches\":0,\"first\":null}"
    run 0 balances some.csv.gz --overdraft-limit unlimited --progress never
    gzip -dc some.csv.gz | tail -n +2 | awk -F, '{ last[$1] = $6; n[$1]++ } END { for (id in last) printf "{\"account_id\":\"%s\",\"balance\":%s,\"version\":%d}\n", id, last[id], n[id] + 1 }' |
        LC_ALL=C sort -t '"' -k 4,4 >expected
    cmp -s expected out || fail 'balances are not those of the bank'
    run 0 import some.csv.gz --json --progress never
    [[ $(sed -E 's/.*"events":([0-9]+).*"insufficient_funds":([1-9][0-9]*),"invalid_amount":0.*/\1 + \2/' out) =~ ^([0-9]+)\ \+\ ([0-9]+)$ ]] || fail 'nothing refused with limit 0'
    ((BASH_REMATCH[1] + BASH_REMATCH[2] == events)) || fail 'rows are neither stored nor refused'
}

count_rows() {
    rows=$(($(gzip -dc "$1" | wc -l) - 1))
    accounts=$(gzip -dc "$1" | tail -n +2 | cut -d, -f1 | sort -u | wc -l)
    events=$((rows + accounts))
}

"part_$part"
finish "$part"
