#!/usr/bin/env bash
# How long the compiler takes for a unit with the core, beside a unit with nlohmann/json.hpp alone, in rounds that take turns. Processor time (user and
# system) of the compiler itself, without ccache, at its default level of optimisation.
#
#   compile_time.sh [--raw] [include|use] [ROUNDS]     default: include 5
#
# include: a unit that includes the whole core, or json.hpp, and nothing more. use: a unit with events and an aggregate of its own that loads it and runs a
# command; beside it the same events, written and read with json.hpp. With --raw only lines "round OURS BASELINE" in seconds; else also the medians.
# The compiler is $CXX (default: c++); the include directories are $INCLUDES, separated by colons (default: this checkout's).
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$here/../.." && pwd -P)

raw=
if [[ ${1:-} == --raw ]]; then
    raw=yes
    shift
fi
unit=${1:-include}
rounds=${2:-5}
if [[ $# -gt 2 || ! $unit =~ ^(include|use)$ || ! $rounds =~ ^[1-9][0-9]*$ ]]; then
    echo "usage: compile_time.sh [--raw] [include|use] [ROUNDS]" >&2
    exit 2
fi

compiler=${CXX:-c++}
flags=(-std=c++20 -c -x c++ -o /dev/null)
IFS=: read -r -a includes <<<"${INCLUDES:-$root/event-sourcing/include}"
for directory in "${includes[@]}"; do
    [[ -z $directory ]] || flags+=(-I "$directory")
done

# seconds FILE: the processor time of compiling it.
seconds() {
    local TIMEFORMAT='%U %S' times
    times=$({ time "$compiler" "${flags[@]}" "$here/units/$1" >&2; } 2>&1) || {
        echo "compile_time.sh: $1 does not compile: $times" >&2
        exit 1
    }
    awk '{ print $1 + $2 }' <<<"$times"
}

seconds "core_$unit.cpp" >/dev/null # fills the page cache
seconds "json_$unit.cpp" >/dev/null
lines=()
for ((round = 0; round < rounds; round++)); do
    if ((round % 2 == 0)); then
        ours=$(seconds "core_$unit.cpp")
        baseline=$(seconds "json_$unit.cpp")
    else
        baseline=$(seconds "json_$unit.cpp")
        ours=$(seconds "core_$unit.cpp")
    fi
    lines+=("round $ours $baseline")
    echo "round $ours $baseline"
done
[[ -n $raw ]] && exit 0
printf '%s\n' "${lines[@]}" | awk '{ print $2 / $3, $2, $3 }' | sort -n |
    awk '{ ratio[NR] = $1; ours[NR] = $2; base[NR] = $3 } END { m = int((NR + 1) / 2); printf "median: %.2f s with the core, %.2f s with json.hpp alone, %.2f times as long\n", ours[m], base[m], ratio[m] }'
