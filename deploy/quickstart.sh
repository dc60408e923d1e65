#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Shows what op-dbus does, for real, on a Debian machine that may have nothing yet: installs what is missing, builds,
# then plays `lab/quickstart` in namespaces of its own. Nothing of the host's is touched, and nothing is left behind,
# however it ends. Exit status 0 only if everything that it promises held.
set -eu

root=$(readlink -f "$(dirname "$(readlink -f "$0")")/..")
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
# shellcheck source=deploy/lab/tell.sh
. "$root/deploy/lab/tell.sh"
# shellcheck source=deploy/lab/scene.sh
. "$root/deploy/lab/scene.sh"

usage() {
    echo "usage: $0 [--no-build]"
    echo "Builds op-dbus and shows it at work on two LXC containers and a private Open vSwitch. Needs root."
    echo "  --no-build  take what was built before"
}

build=yes
case ${1:-} in
'') ;;
--no-build) build= ;;
--help | -h) usage && exit 0 ;;
*) usage >&2 && exit 2 ;;
esac

stage=
scene=
clean_up() {
    status=$?
    trap '' INT TERM HUP
    end_scene "$scene"
    remove_stage "$stage"
    exit "$status"
}

build_agent() {
    say "The first time Maven fetches the libraries, which takes a minute or two."
    log=$stage/build.log
    (cd "$root" && exec mvn -B -q -ntp -DskipTests package) >"$log" 2>&1 </dev/null &
    scene=$!
    while kill -0 "$scene" 2>/dev/null; do
        [ ! -t 1 ] || printf '\r    %s%d s%s ' "$faint" $((($(now) - step_began) / 100)) "$plain"
        sleep 0.5
    done
    [ ! -t 1 ] || printf '\r'
    if ! wait "$scene"; then
        tail -n 30 "$log" >&2
        fail "the build did not succeed"
    fi
    scene=
}

need_root "makes network namespaces and containers"
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
began=$(now)
stage=$(mktemp -d /tmp/op-dbus-quickstart-XXXXXX)

printf '%sop-dbus quickstart%s\n' "$bold" "$plain"
printf 'Containers start, and the agent detects them by itself. Everything happens in separate namespaces.\n'

step "Look for what is needed"
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages
ok "Open vSwitch, LXC, Maven, JDK $(jdk_version "$JAVA_HOME")"

if [ -n "$build" ]; then
    step "Build op-dbus"
    build_agent
    ok "agent/target/op-dbus"
fi
[ -x "$root/agent/target/op-dbus/bin/op-dbus" ] || refuse "there is no agent/target/op-dbus: run it without --no-build"

# In the background, because a shell handles a signal while it waits, but not while a foreground command runs.
"$root/deploy/lab/enter" "$root/deploy/lab/quickstart" "$stage" "$root/agent/target/op-dbus/bin/op-dbus" </dev/null &
scene=$!
wait "$scene" || fail "not everything held; see above"
scene=

took=$((($(now) - began) / 100))
printf '\n%sAll of it held, in %d s.%s Everything is cleaned up.\n' "$green" "$took" "$plain"
