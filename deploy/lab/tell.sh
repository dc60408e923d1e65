# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# How the quickstart talks: numbered steps with their times, in colours only on a terminal. To be sourced.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    escape=$(printf '\033[')
    bold=${escape}1m green=${escape}32m red=${escape}31m faint=${escape}2m plain=${escape}0m
else
    bold='' green='' red='' faint='' plain=''
fi

# The number of the step that was begun last, carried from one script to the next.
step_number=${step_number:-0}
export step_number

# Hundredths of a second since the machine was started.
now() {
    read -r uptime _ </proc/uptime
    echo "${uptime%.*}${uptime#*.}"
}

# Begins a step.
step() {
    step_number=$((step_number + 1))
    step_began=$(now)
    printf '\n%s%2d. %s%s\n' "$bold" "$step_number" "$*" "$plain"
}

# Says something about the step that is under way.
say() {
    printf '    %s\n' "$*"
}

# Runs a command that a newcomer could type, and shows it with what it prints. Its status is the command's.
show() {
    printf '    %s$ %s%s\n' "$faint" "$*" "$plain"
    shown=0
    answer=$("$@" 2>&1) || shown=$?
    [ -z "$answer" ] || printf '%s\n' "$answer" | sed 's/^/      /'
    return "$shown"
}

# Ends a step that succeeded.
ok() {
    took=$(($(now) - step_began))
    printf '    %sok%s %s %s%d.%02d s%s\n' "$green" "$plain" "$*" "$faint" $((took / 100)) $((took % 100)) "$plain"
}

# Ends the program, because what was promised did not hold.
fail() {
    printf '    %sfailed:%s %s\n' "$red" "$plain" "$*" >&2
    exit 1
}

# Waits until a command succeeds: WHAT SECONDS COMMAND [ARGUMENT...]. The output of the last try is in $answer.
wait_until() {
    what=$1
    deadline=$(($(now) + $2 * 100))
    shift 2
    until answer=$("$@" 2>&1); do
        [ "$(now)" -lt "$deadline" ] || fail "$what${answer:+: $answer}"
        sleep 0.1
    done
}
