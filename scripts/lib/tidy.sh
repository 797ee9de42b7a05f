#!/usr/bin/env bash
# tidy.sh PRESET SECONDS: clang-tidy on the C++ files changed since the last merges, with the compile commands of
# build/PRESET. Prints `passed|failed|skipped TAB tidy.FILE TAB reason` a line; what clang-tidy says goes to stderr.
# After SECONDS the rest is skipped.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

preset=${1:?preset}
limit=${2:?seconds}
commands=$root/build/$preset/compile_commands.json

cd -- "$root"

# Twenty merges back; all of it where the history is shorter than that.
changed() {
    local base
    if base=$(repository rev-parse -q --verify 'HEAD~20^{commit}'); then
        repository diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.hpp'
    else
        repository ls-files -- '*.cpp' '*.hpp'
    fi
}

# Every file that is compiled. A public header is compiled alone by the header check, under its own name with .cxx
# behind it.
compiled=$(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$commands" | sort -u)

unit_of() {
    case $1 in
        *.cpp) grep -xF -- "$root/$1" <<<"$compiled" || true ;;
        *.hpp) grep -F -- "_verify_interface_header_sets/${1##*/include/}.cxx" <<<"$compiled" | head -n 1 || true ;;
    esac
}

check() {
    local file=$1 unit=$2 filter='/(examples|tests)/' left
    left=$((deadline - $(date +%s)))
    if [[ $left -le 0 ]]; then
        printf 'skipped\ttidy.%s\tthe time for clang-tidy was over\n' "$file"
        return
    fi
    [[ $file != *.hpp ]] || filter="/${file//./\\.}\$"
    local output status=0
    output=$(timeout "$((left + 120))" clang-tidy-19 --quiet -p "$root/build/$preset" --extra-arg=-Wno-everything --header-filter="$filter" "$unit" 2>/dev/null) || status=$?
    if [[ $status -eq 0 ]]; then
        printf 'passed\ttidy.%s\t\n' "$file"
    else
        printf '%s\n' "$output" >&2
        printf 'failed\ttidy.%s\t\n' "$file"
    fi
}
export -f check
export root preset
deadline=$(($(date +%s) + limit))
export deadline

# shellcheck disable=SC2016 # the inner shell expands them
changed | while IFS= read -r file; do
    unit=$(unit_of "$file")
    # A header of an example or a test is looked at with the sources that include it.
    [[ -z $unit ]] || printf '%s\0%s\0' "$file" "$unit"
done | xargs -0 -r -n 2 -P "$(jobs)" bash -c 'check "$1" "$2"' check
