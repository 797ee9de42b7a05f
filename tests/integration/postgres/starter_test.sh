#!/usr/bin/env bash
# The starter on a server, in a database of its own: starter_test.sh STARTER SQL-TOOL, with DATABASE_URL.
set -euo pipefail
starter=$1 tool=$2
server=$DATABASE_URL
database=starter_$$
sql() { DATABASE_URL=$server "$tool" sql "$1"; }
sql "create database $database template template0 encoding 'UTF8'"
trap 'sql "drop database if exists $database with (force)"' EXIT
DATABASE_URL=$("$tool" url "dbname=$database")
export DATABASE_URL

# expect WHAT OUTPUT: the starter prints that, and ends with 0.
expect() {
    local output
    output=$("$starter") || { echo "FAILED: $1: exit $?"; exit 1; }
    [[ $output == "$2" ]] || { echo "FAILED: $1 printed: $output"; exit 1; }
}
expect 'the first run' 'refused: insufficient funds
alice: 45 as of version 3
bob: 25 as of version 1'
expect 'the second run' 'refused: insufficient funds
alice: 90 as of version 6
bob: 50 as of version 2'

status=0
output=$(DATABASE_URL=$("$tool" url dbname=there_is_none) "$starter" 2>/dev/null) || status=$?
[[ $status == 4 && -z $output ]] || { echo "FAILED: a database that is not there: exit $status, output $output"; exit 1; }
