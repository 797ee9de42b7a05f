#!/usr/bin/env bash
# check.sh MODEL holds|fails [-DVARIANT]: whether the model keeps its claim, by Spin's exhaustive search. Exit 77: no Spin or
# no C compiler here.
set -euo pipefail
model=$1
wanted=$2
shift 2
for tool in spin gcc; do
    command -v "$tool" >/dev/null || {
        echo "skipped: $tool is not installed"
        exit 77
    }
done

directory=$(mktemp -d)
trap 'rm -rf -- "$directory"' EXIT
cp -- "$model" "$directory/model.pml"
cd -- "$directory"
spin -a "$@" model.pml
gcc -O2 -w -DSAFETY -o pan pan.c
./pan -m1000000 | tee report

# A search that was cut short proves nothing.
if grep -qE 'Search not completed|max search depth too small|out of memory' report && [[ $wanted == holds ]]; then
    echo "the search was not completed"
    exit 1
fi
case $wanted in
    holds) grep -q 'errors: 0$' report ;;
    fails) grep -q 'assertion violated' report ;;
    *) exit 2 ;;
esac
