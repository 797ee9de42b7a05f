#!/usr/bin/env bash
# Checks that the pages quote what is compiled; with --fix puts the present text into the pages. A quotation looks like this:
#
#   <!-- snippet: docs/snippets/errors.cpp [answer] -->
#   ```cpp
#   ...
#   ```
#
# It equals, byte for byte, what stands between the two `// [answer]` (or `# [answer]`) lines of that file, without the indentation that all of it has in
# common; without a name it equals the whole file. Every ```cpp and ```cmake block must be a quotation, and every region of docs/snippets must be quoted.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd -- "$root"

fix=0
[[ ${1:-} != --fix ]] || fix=1

pages=(README.md)
while IFS= read -r page; do pages+=("$page"); done < <(find docs -name '*.md' | LC_ALL=C sort)

# The quotations of a page are checked by the awk program below; it prints the page as it should be.
status=0
used=$(mktemp)
wanted=$(mktemp)
trap 'rm -f -- "$used" "$wanted"' EXIT
for page in "${pages[@]}"; do
    awk -v page="$page" -v used="$used" '
        function complain(text) { printf "%s:%d: %s\n", page, NR, text > "/dev/stderr"; faults = 1 }

        # The lines of a region into quoted[1..count]; 0 where there is no such region.
        function quote(path, name,    line, inside, marks, indent, least, i) {
            count = 0
            marks = 0
            while ((getline line < path) > 0) {
                if (name != "" && line ~ /^[ \t]*(\/\/|#) \[[a-z0-9-]+\]$/) {
                    if (substr(line, index(line, "[")) == "[" name "]") { inside = !inside; ++marks }
                    continue
                }
                if (name == "" || inside) quoted[++count] = line
            }
            close(path)
            if (count == 0 || (name != "" && marks != 2)) return 0
            least = 1000
            for (i = 1; i <= count; ++i) {
                if (quoted[i] == "") continue
                match(quoted[i], /^ */)
                if (RLENGTH < least) least = RLENGTH
            }
            for (i = 1; i <= count; ++i) quoted[i] = substr(quoted[i], least + 1)
            return 1
        }

        /^```/ && !block {
            block = 1
            if (source == "" && $0 ~ /^```(cpp|cmake)$/) complain("a code block without a source: put <!-- snippet: FILE [REGION] --> before it")
            print
            at = 0
            if (source != "") for (i = 1; i <= count; ++i) print quoted[i]
            next
        }
        /^```$/ && block {
            block = 0
            if (source != "" && !wrong && at != count) { complain("this block is shorter than " source); wrong = 1 }
            source = ""
            wrong = 0
            print
            next
        }
        block {
            if (source == "") { print; next }
            ++at
            if (!wrong && (at > count || $0 != quoted[at])) { complain("this line is not what " source " says"); wrong = 1 }
            next
        }
        /^<!-- snippet: / {
            path = $3
            name = $4 == "-->" ? "" : substr($4, 2, length($4) - 2)
            source = path (name == "" ? "" : " [" name "]")
            print source >> used
            if (!quote(path, name)) { complain("there is no " source); source = "" }
            print
            next
        }
        {
            if (source != "") { complain("no code block follows the source"); source = "" }
            print
        }
        END { if (block) complain("the last code block has no end"); exit faults }' "$page" >"$wanted" || status=1
    if [[ $fix == 1 ]] && ! cmp -s "$wanted" "$page"; then cat "$wanted" >"$page"; fi
done

while IFS= read -r region; do
    grep -qxF -- "$region" "$used" || {
        echo "$region is quoted nowhere" >&2
        status=1
    }
done < <(grep -rnoE --include='*.cpp' --include='*.hpp' --include='CMakeLists.txt' '^ *(//|#) \[[a-z0-9-]+\]$' docs/snippets | sed -E 's/:[0-9]+: *(\/\/|#) / /' | LC_ALL=C sort -u)

exit $status
