#!/usr/bin/env bash
# docs.sh OUTPUT: the Doxygen pages of the public headers; fails on an undocumented public member.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

output=${1:?where to}
mkdir -p -- "$output"
output=$(cd -- "$output" && pwd -P)
version=$(sed -n 's/^ *VERSION \([0-9.]*\)$/\1/p' "$root/CMakeLists.txt" | head -n 1)

cd -- "$root"

# run_doxygen LINE...: with the project's settings and these further ones. Its warnings are in doxygen.err.
run_doxygen() {
    {
        cat docs/Doxyfile
        printf '%s\n' "PROJECT_NUMBER = $version" "OUTPUT_DIRECTORY = \"$output\"" "$@"
    } | doxygen - >"$output/doxygen.log" 2>"$output/doxygen.err" || {
        cat "$output/doxygen.err" >&2
        exit 1
    }
}

# Doxygen does not look into undocumented types and passes over enumerators: so everything is extracted as XML, and
# looked through.
rm -rf -- "${output:?}/xml" "$output/html"
run_doxygen EXTRACT_ALL=YES WARNINGS=NO GENERATE_HTML=NO GENERATE_XML=YES XML_PROGRAMLISTING=NO
find "$output/xml" -name '*.xml' ! -name index.xml -exec awk -f scripts/lib/undocumented.awk {} + | sort -u >"$output/undocumented"

# The names of CMake targets (event-sourcing::testing) are no links into the code.
run_doxygen
grep -Ev 'link request to .(event-store-[a-z]+|event-stream-[a-z]+|testing|conformance). could not be resolved' "$output/doxygen.err" |
    sort -u >>"$output/undocumented" || true

if [[ -s $output/undocumented ]]; then
    cat "$output/undocumented" >&2
    exit 1
fi
