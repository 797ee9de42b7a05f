#!/usr/bin/env bash
# The server of the Postgres tests: server.sh start|stop URLFILE SERVER-SCRIPT. Its directory stands in URLFILE.dir, outside
# the checkout, since the server's own user must reach it.
set -euo pipefail
action=$1
url=$2
server=$3
[[ -z ${EVENT_SOURCING_TEST_DATABASE_URL:-} ]] || exit 0

stop() {
    [[ -s $url.dir ]] || return 0
    "$server" stop "$(<"$url.dir")"
    rm -f -- "$url" "$url.dir"
}

stop  # one that an interrupted run left behind
if [[ $action == start ]]; then
    directory=$(mktemp -d)
    echo "$directory/server" >"$url.dir"
    chmod 755 -- "$directory"
    "$server" start "$directory/server" >"$url"
fi
