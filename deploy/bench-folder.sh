# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# The folder of one run of a benchmark. To be sourced; see bench.sh and bench-ledger.sh.

# Makes a folder in the folder $1, in $work, that is removed at the end of the script, also on Ctrl-C and SIGTERM. First
# removes those of runs that were killed: a run holds a lock on a file in its folder as long as one of its processes lives.
make_work_folder() {
    for old in "$1"/op-dbus-benchmark.??????; do
        [ -d "$old" ] && [ ! -L "$old" ] && [ -f "$old/.lock" ] && [ ! -L "$old/.lock" ] || continue
        [ "$(stat -c %u "$old")" -eq "$(id -u)" ] || continue
        (flock -n 9 && rm -rf --one-file-system "$old") 9<"$old/.lock" || true
    done
    work=$(mktemp -d "$1/op-dbus-benchmark.XXXXXX")
    trap end_run EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    # Gets its name when it is locked, so that no other run removes the folder meanwhile.
    : >"$work/.new"
    exec 9<"$work/.new"
    flock 9
    mv "$work/.new" "$work/.lock"
}

# Runs a command in the background, because the shell acts on a signal only after a command in the foreground has ended.
# Returns its exit status.
run_command() {
    "$@" &
    running=$!
    status=0
    wait "$running" || status=$?
    running=
    return "$status"
}

# The processes that a process has started and that still run.
children() {
    cat "/proc/$1/task/$1/children" 2>/dev/null || true
}

# In a laboratory, the command is a child of the laboratory's first process, which then ends the containers. A command
# without one has no children, and is told itself.
end_run() {
    status=$?
    trap '' INT TERM HUP
    if [ -n "${running:-}" ]; then
        told=
        for first in $(children "$running"); do
            told="$told $(children "$first")"
        done
        # The list is meant to fall apart into words.
        # shellcheck disable=SC2086
        kill -TERM ${told:-$running} 2>/dev/null || true
        tries=300
        while [ "$tries" -gt 0 ] && kill -0 "$running" 2>/dev/null; do
            sleep 0.1
            tries=$((tries - 1))
        done
        kill -KILL "$running" 2>/dev/null || true
        wait "$running" 2>/dev/null || true
    fi
    rm -rf --one-file-system "$work"
    exit "$status"
}
