#!/usr/bin/env bash
# Checks that every C++ source is laid out as .clang-format says; with --fix lays it out. Exit 77: no clang-format 19
# here.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

mode=(--dry-run -Werror)
[[ ${1:-} != --fix ]] || mode=(-i)

# Other versions lay some lines out in another way.
formatter=
for candidate in clang-format-19 clang-format; do
    if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q 'version 19\.'; then
        formatter=$candidate
        break
    fi
done
if [[ -z $formatter ]]; then
    echo "skipped: clang-format 19 is not installed"
    exit 77
fi

# What git knows or would take; without git, what lies where sources lie.
sources() {
    if command -v git >/dev/null && repository rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        repository ls-files -z --cached --others --exclude-standard -- '*.hpp' '*.cpp'
    else
        (cd -- "$root" && find event-* examples tests docs -name build -prune -o \( -name '*.hpp' -o -name '*.cpp' \) -print0)
    fi
}

cd -- "$root"
sources | while IFS= read -r -d '' file; do [[ ! -f $file ]] || printf '%s\0' "$file"; done |
    xargs -0 -r -n 50 -P "$(jobs)" "$formatter" --style=file "${mode[@]}"
