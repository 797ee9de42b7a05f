# Common code of the scripts; sourced, with `set -euo pipefail` on. Gives $root, the project's directory. Exit status
# everywhere: 0 ok, 1 a check failed, 2 usage, 3 bad input, 4 a tool or server is missing. On 2, 3 and 4 stdout is
# empty.
# shellcheck shell=bash

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
program=${0##*/}

say() { printf '%s: %s\n' "$program" "$*" >&2; }

# fail STATUS MESSAGE...
fail() {
    local status=$1
    shift
    say "$@"
    exit "$status"
}

# Ends with status 2 and the usage, which each script defines as usage().
bad_usage() {
    [[ $# -eq 0 ]] || say "$@"
    usage >&2
    exit 2
}

jobs() { nproc 2>/dev/null || echo 2; }

# Git, also where root looks into somebody else's checkout.
repository() { git -c safe.directory='*' -C "$root" "$@"; }

# is_debian_12_or_13: whether the package names below mean something here.
is_debian_12_or_13() {
    local id version
    id=$(. /etc/os-release 2>/dev/null && echo "${ID:-}") || true
    version=$(. /etc/os-release 2>/dev/null && echo "${VERSION_ID:-}") || true
    [[ $id == debian && ($version == 12 || $version == 13) ]]
}

# What each group of steps needs: a Debian package, and the command that shows that it is there on another system ("-"
# where only CMake can tell).
packages_for() {
    case $1 in
        build) echo 'g++:g++ cmake:cmake ninja-build:ninja ccache:- nlohmann-json3-dev:- libfmt-dev:- libcli11-dev:- zlib1g-dev:- libpqxx-dev:- pkg-config:pkg-config' ;;
        test) echo 'libgtest-dev:- libgmock-dev:- googletest:- clang:- clang-format-19:- doxygen:- libpq-dev:- postgresql:- pgbouncer:pgbouncer spin:spin' ;;
        bench) echo 'libbenchmark-dev:-' ;;
        server) echo 'postgresql:-' ;;
        docs) echo 'doxygen:doxygen' ;;
        ci) echo 'git:git clang:clang++ clang-tidy-19:clang-tidy-19' ;;
    esac
}

# need GROUP...: installs on Debian 12 and 13 whatever is missing; names it on other systems, and where there is no
# right to install.
need() {
    local group entry missing=()
    if is_debian_12_or_13; then
        for group in "$@"; do
            for entry in $(packages_for "$group"); do
                [[ $(dpkg-query -W -f '${db:Status-Status}' "${entry%%:*}" 2>/dev/null) == installed ]] || missing+=("${entry%%:*}")
            done
        done
        [[ ${#missing[@]} -gt 0 ]] || return 0
        install_packages "${missing[@]}"
    else
        for group in "$@"; do
            for entry in $(packages_for "$group"); do
                [[ ${entry##*:} == - ]] || command -v "${entry##*:}" >/dev/null || missing+=("${entry##*:}")
            done
        done
        [[ ${#missing[@]} -eq 0 ]] || fail 4 "missing: ${missing[*]}. Install them and start again (only Debian 12 and 13 are set up by themselves)."
        command -v cmake >/dev/null || return 0
        cmake_is_recent || fail 4 "CMake is too old: 3.25 or later is needed."
    fi
}

cmake_is_recent() {
    local version
    version=$(cmake --version | sed -n '1s/^cmake version //p')
    [[ $(printf '3.25\n%s\n' "$version" | sort -V | head -n 1) == 3.25 ]]
}

install_packages() {
    local as_root=()
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || fail 4 "missing packages: $* (neither root nor sudo, so they are not installed by this script)"
        as_root=(sudo)
    fi
    say "installing: $*"
    {
        "${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
    } </dev/null >&2 || fail 4 "could not install: $*"
}

# configure PRESET [CMAKE ARGUMENT...]: configures build/PRESET unless it is configured already. Output on stderr.
configure() {
    local preset=$1 build=$root/build/$1
    shift
    # A copied or moved checkout brings a build folder that belongs to another place.
    if [[ -f $build/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
        rm -rf -- "$build"
    fi
    # A configuration that failed half-way leaves no build.ninja: it is done again from the start.
    [[ -f $build/build.ninja ]] && return 0
    rm -rf -- "$build/CMakeCache.txt" "$build/CMakeFiles"
    (cd -- "$root" && cmake --preset "$preset" "$@") >&2
}

# configure_or_fail PRESET [CMAKE ARGUMENT...]: likewise; ends with status 4 where that fails.
configure_or_fail() { configure "$@" || fail 4 "could not configure: see above for what is missing"; }

# build PRESET [TARGET...]: builds them; speaks, on stderr, only when there was something to do.
build() {
    local preset=$1
    shift
    local targets=()
    [[ $# -eq 0 ]] || targets=(--target "$@")
    (cd -- "$root" && cmake --build "build/$preset" --parallel "$(jobs)" "${targets[@]}") 2>&1 |
        awk '/^ninja: no work to do\.$/ || /^ninja: Entering directory/ || /\] Re-checking globbed directories\.\.\.$/ { next } { print; fflush() }' >&2
}

# build_release PRESET [TARGET...]: configures and builds under a lock, so that two scripts started together build once.
# The lock ends with the subshell: what is started afterwards does not hold it. Ends with status 4 where it cannot
# configure, with 1 where it cannot build.
build_release() {
    mkdir -p -- "$root/build"
    (
        if command -v flock >/dev/null; then flock 9; fi
        configure_or_fail "$1"
        build "$@" || fail 1 "the build failed"
    ) 9>"$root/build/.$1.lock" || exit
}

# run_tests PRESET JUNIT [CTEST ARGUMENT...]: runs CTest from build/PRESET, its progress on stdout; the outcome is in
# the file.
run_tests() {
    local preset=$1 junit=$2
    shift 2
    mkdir -p -- "$(dirname -- "$junit")"
    rm -f -- "$junit"
    ctest --test-dir "$root/build/$preset" --parallel "$(jobs)" --output-on-failure --no-tests=error --output-junit "$junit" "$@" || [[ -s $junit ]]
}

# outcomes JUNIT: `passed|failed|skipped TAB name TAB reason` a line. A case that CTest could not start counts as
# failed.
outcomes() { awk -f "$root/scripts/lib/junit.awk" "$1"; }

# count OUTCOME < outcomes
count() { awk -F '\t' -v wanted="$1" '$1 == wanted { n++ } END { print n + 0 }'; }
