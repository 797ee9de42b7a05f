# What the tests of the program share; sourced with $program set. Gives a directory of its own as the working directory.
# shellcheck shell=bash
here=$(mktemp -d) || exit 1
cd "$here" || exit 1
failures=0
header=account_id,date,transaction_id,kind,amount,balance

fail() {
    failures=$((failures + 1))
    echo "FAILED: $*"
    echo "  stdout: $(head -c 500 out)"
    echo "  stderr: $(head -c 500 err)"
}

# run STATUS ARGUMENT...: runs the program. On 2, 3 and 4 nothing may stand on stdout, and something must stand on stderr.
run() {
    local wanted=$1 got
    shift
    command="bank-account $*"
    "$program" "$@" >out 2>err </dev/null
    got=$?
    [[ $got == "$wanted" ]] || fail "$command: exit $got, not $wanted"
    case $wanted in
        2 | 3 | 4)
            [[ ! -s out ]] || fail "$command: output on stdout with exit $wanted"
            [[ -s err ]] || fail "$command: nothing said on stderr with exit $wanted"
            ;;
    esac
}

stdout_is() { [[ $(<out) == "$1" ]] || fail "$command: stdout is not: $1"; }
stdout_has() { grep -qF -- "$1" out || fail "$command: stdout lacks: $1"; }
stderr_is() { [[ $(<err) == "$1" ]] || fail "$command: stderr is not: $1"; }
stderr_has() { grep -qF -- "$1" err || fail "$command: stderr lacks: $1"; }
lines_of_stdout() { [[ $(wc -l <out) == "$1" ]] || fail "$command: $(wc -l <out) lines on stdout, not $1"; }

# file NAME ROW...: with the header.
file() {
    local name=$1
    shift
    printf '%s\n' "$header" "$@" >"$name"
}

# finish PART: the last line and status of a test.
finish() {
    [[ $failures == 0 ]] && echo "$1: all as promised"
    ((failures == 0))
}

: >out
: >err
