# What the test scripts of the program `cubicasa` share. To be sourced with the path of the program; needs bash,
# coreutils, jq, python3 and util-linux. Each behaviour is a function, called by `it` in a shell, a folder and with
# children of its own; servers choose free ports, so that scripts may run at the same time.
set -euo pipefail

[[ $# -eq 1 && -x $1 ]] || { echo "usage: $0 PATH_TO_PROGRAM" >&2; exit 2; }
program=$(realpath "$1")
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# What the caller's environment says is no part of a test.
for name in $(compgen -e | grep -E '^(CUBICASA_.*|NO_COLOR|COLUMNS|LINES)$' || true); do unset "$name"; done
export LC_ALL=C.UTF-8 TERM=xterm

folder=$(mktemp -d "${TMPDIR:-/tmp}/cubicasa-cli.XXXXXX")
mkdir "$folder/bin"
cd "$folder"
# What a sandbox that is killed leaves behind.
export TMPDIR=$folder
ln -s "$program" "$folder/bin/cubicasa"
export PATH=$folder/bin:$PATH
children=()
behaviours=0
failures=0

stop_children() {
    local child
    for child in ${children[@]+"${children[@]}"}; do kill -KILL "$child" 2>>/dev/null || true; done
    children=()
}
at_the_end() {
    local status=$?
    stop_children
    rm -rf "$folder"
    if [[ $status -eq 0 && $failures -gt 0 ]]; then
        echo "$failures of $behaviours behaviours failed"
        exit 1
    fi
}
trap at_the_end EXIT

# it SENTENCE FUNCTION: runs it, and says whether the sentence is true.
it() {
    local log=$folder/log.$behaviours own=$folder/$behaviours started=$SECONDS status
    mkdir "$own"
    set +e
    (
        set -e
        failures=0 folder=$own children=()
        trap stop_children EXIT
        cd "$own"
        "$2"
    ) >"$log" 2>&1 </dev/null
    status=$?
    set -e
    behaviours=$((behaviours + 1))
    if [[ $status -eq 0 ]]; then
        echo "ok - $1"
    elif [[ $status -eq 77 ]]; then
        echo "skipped - $1: $(tail -n 1 "$log")"
    else
        failures=$((failures + 1))
        echo "FAILED - $1 ($((SECONDS - started)) s)"
        sed 's/^/    /' "$log" | cut -c 1-2000 | tail -n 40
    fi
}

# Ends a behaviour that cannot be tried here.
skip() {
    echo "$1"
    exit 77
}

# fail EXPECTED GOT...: ends the behaviour.
fail() {
    echo "expected: $1"
    shift
    local got
    for got in "$@"; do echo "got: $got"; done
    echo "at line ${BASH_LINENO[1]} of ${BASH_SOURCE[-1]}"
    exit 1
}

# What a command printed, when it is not as expected.
printed() { printf 'standard output: %s\nstandard error: %s' "$(head -c 1000 out)" "$(head -c 3000 err)"; }

# expect_status STATUS COMMAND...: runs it; what it prints is in the files out and err.
expect_status() {
    local wanted=$1 status=0
    shift
    "$@" >out 2>err || status=$?
    [[ $status -eq $wanted ]] || fail "exit status $wanted of: $*" "$status" "$(printed)"
}
succeed() { expect_status 0 "$@"; }

# The begin of a file, for a complaint.
begin_of() { head -c 3000 "$1"; }

# expect_match REGEX [FILE]: some line of it matches.
expect_match() { grep -Eq -- "$1" "${2:-out}" || fail "${2:-out} matches /$1/" "$(begin_of "${2:-out}")"; }
expect_no_match() {
    ! grep -E -- "$1" "${2:-out}" >matches || fail "${2:-out} does not match /$1/" "$(begin_of matches)"
}
expect_empty() { [[ ! -s $1 ]] || fail "$1 is empty" "$(begin_of "$1")"; }
expect_equal() { [[ $1 == "$2" ]] || fail "$1" "$2"; }
# expect_json FILTER [FILE]: jq says that it is true, for each document of the file; one at least.
expect_json() {
    local file=${2:-out}
    jq -es "length > 0 and all(.[]; $1)" "$file" >/dev/null || fail "$file fulfils $1" "$(begin_of "$file")"
}
expect_lines() {
    local file=${2:-out} n
    n=$(wc -l <"$file")
    [[ $n -eq $1 ]] || fail "$1 lines in $file" "$n: $(begin_of "$file")"
}
# expect_same FILE FILE: line by line.
expect_same() { diff "$1" "$2" >differences || fail "$2 is as $1" "$(head -n 20 differences)"; }
# expect_same_lines FILE FILE: in whatever order, each as often.
expect_same_lines() {
    diff <(sort "$1") <(sort "$2") >differences || fail "$2 has the lines of $1" "$(head -n 20 differences)"
}

# eventually COMMAND...: it succeeds within many seconds.
eventually() {
    local tries
    for ((tries = 0; tries < 1000; tries++)); do
        if "$@" 2>>/dev/null >&2; then return; fi
        sleep 0.02  # between two looks at a condition
    done
    fail "within 20 seconds: $*" "$(tail -n 5 -- *err* *out* 2>>/dev/null | head -c 2000)"
}
has_line() { grep -Eq -- "$2" "$1"; }
has_lines() { [[ $(wc -l <"$1") -ge $2 ]]; }
gone() { ! kill -0 "$1"; }

# start NAME COMMAND...: in the background, with the signals of a program in the foreground; its process is $pid, what
# it prints is in NAME.out and NAME.err.
start() {
    local name=$1
    shift
    # By us, not only by the child: nobody may take what another one printed for its output.
    : >"$name.out" 2>"$name.err"
    env --default-signal=INT,QUIT,PIPE "$@" >"$name.out" 2>"$name.err" </dev/null &
    pid=$!
    children+=("$pid")
}
# expect_end STATUS NAME PID: it ends by itself within many seconds.
expect_end() {
    local status=0
    eventually ended "$3"
    wait "$3" || status=$?
    [[ $status -eq $1 ]] || fail "$2 ends with status $1" "$status" "$(begin_of "$2.out")" "$(begin_of "$2.err")"
}
# A process that nobody has waited for yet is a zombie.
ended() { [[ ! -e /proc/$1/stat || $(sed 's/.*) //' "/proc/$1/stat") == Z* ]]; }

# sandbox [OPTION]...: serves, and points the program at it. The options are those of the command.
sandbox() {
    local lines line n
    exec {lines}< <(exec cubicasa sandbox --no-examples "$@" 2>sandbox.err)
    sandbox_pid=$!
    children+=("$sandbox_pid")
    for n in 1 2 3; do
        read -r -t 60 line <&"$lines" || fail "three lines of the sandbox" "$(cat sandbox.err)"
        eval "$line"
    done
    export CUBICASA_BASE_URL CUBICASA_API_KEY CUBICASA_CA_FILE
}
# broken_sandbox FAULT [OPTION]...: one that has this line as its fault script.
broken_sandbox() {
    echo "$1" >faults
    shift
    sandbox --fault faults "$@"
}

# other_server: serves HTTP that only speaks the contract; see other_server.py.
other_server() {
    local line lines
    exec {lines}< <(exec python3 "$here/other_server.py" 2>other_server.err)
    children+=("$!")
    read -r -t 60 line <&"$lines" || fail "the port of the other server" "$(cat other_server.err)"
    export CUBICASA_BASE_URL=http://127.0.0.1:$line CUBICASA_API_KEY=${1:-a-key-of-the-other-server}
}

# on_terminal COMMAND: as a shell on a pseudo terminal of 100 columns would run it; the exit status of the command, what
# the terminal shows, in which lines end with a carriage return, is printed.
on_terminal() { TERM=xterm script -qefc "stty cols 100 rows 40; $1" /dev/null </dev/null; }
ids() { jq -r .id "${1:-out}"; }
