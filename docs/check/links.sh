#!/usr/bin/env bash
# Checks that what the pages link to exists: files and folders of this project, and headings within pages. Links to other sites are not followed.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd -- "$root"

status=0
complain() {
    echo "$*" >&2
    status=1
}

# The anchors of a page: its headings in lower case, without punctuation, with hyphens for spaces.
anchors() {
    awk '/^```/ { block = !block } !block && /^#+ /' "$1" | sed -E 's/^#+ //' | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}

while IFS= read -r page; do
    while IFS= read -r link; do
        case $link in
            http://* | https://*) continue ;;
        esac
        file=${link%%#*}
        target=$page
        [[ -z $file ]] || target=$(dirname -- "$page")/$file
        if [[ ! -e $target ]]; then
            complain "$page: there is no $link"
        elif [[ $link == *'#'* ]] && ! anchors "$target" | grep -qxF -- "${link#*#}"; then
            complain "$page: $target has no heading for #${link#*#}"
        fi
    done < <(awk '/^```/ { block = !block } !block' "$page" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(|\)$//g')
done < <(find README.md CONTRIBUTING.md CHANGELOG.md docs examples -name '*.md' | LC_ALL=C sort)

exit $status
