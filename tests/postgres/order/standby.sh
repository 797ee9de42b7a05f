#!/usr/bin/env bash
# standby.sh start DIR PORT: copies the server on that port of 127.0.0.1 into DIR, starts the copy as its standby on a free
# port, and writes that to DIR/port. standby.sh stop DIR: stops it and removes DIR.
set -euo pipefail
action=$1
directory=$2

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin -type d 2>/dev/null | sort -V | tail -n 1)
[[ -n $bin ]] || bin=$(dirname -- "$(command -v postgres)")
as_server=()
[[ $(id -u) -ne 0 ]] || as_server=(runuser -u postgres --)
server() { (cd / && "${as_server[@]}" "$@"); }

case $action in
    start)
        mkdir -p -- "$directory"
        [[ $(id -u) -ne 0 ]] || chown postgres -- "$directory"
        server "$bin/pg_basebackup" -h 127.0.0.1 -p "$3" -U postgres -D "$directory/data" -R -c fast
        for _ in 1 2 3 4 5 6 7 8; do
            port=$((20000 + RANDOM % 20000))
            if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
            if server "$bin/pg_ctl" -D "$directory/data" -l "$directory/log" -w -t 60 \
                -o "-c port=$port -c unix_socket_directories=$directory" start >/dev/null 2>&1; then
                printf '%s' "$port" >"$directory/port"
                exit 0
            fi
        done
        tail -n 5 -- "$directory/log" >&2
        exit 1
        ;;
    stop)
        server "$bin/pg_ctl" -D "$directory/data" -m immediate -w stop >/dev/null 2>&1 || true
        rm -rf -- "$directory"
        ;;
esac
