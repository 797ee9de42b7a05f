#!/usr/bin/env bash
# with_server.sh URLFILE COMMAND...: runs the command with DATABASE_URL set to the server of the Postgres tests.
set -euo pipefail
url_file=$1
shift
DATABASE_URL=${EVENT_SOURCING_TEST_DATABASE_URL:-$(<"$url_file")}
export DATABASE_URL
exec "$@"
