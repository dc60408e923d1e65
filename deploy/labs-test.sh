#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Shows labs at work, for real: the lines of the cloonix documents with two machines of qemu and with two LXC containers, a container
# of Docker, pings over a LAN that are spied and captured, three labs at once, dump and replay, wrong input, and a killed agent.
# Everything happens in namespaces of its own; afterwards the host there must be what it was. Nothing of the machine's is touched.
#
# Takes the program in agent/target/op-dbus. Exit status 0 only if everything held.
set -eu

root=$(readlink -f "$(dirname "$(readlink -f "$0")")/..")
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
# shellcheck source=deploy/lab/tell.sh
. "$root/deploy/lab/tell.sh"
# shellcheck source=deploy/lab/scene.sh
. "$root/deploy/lab/scene.sh"

case ${1:-} in
'') ;;
*)
    echo "usage: $0" >&2
    echo "Shows labs of machines and containers with the program in agent/target/op-dbus. Needs root." >&2
    [ "$1" = --help ] && exit 0
    exit 2
    ;;
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

need_root "makes network namespaces and containers"
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
[ -x "$root/agent/target/op-dbus/bin/op-dbus" ] ||
    refuse "there is no program in agent/target; make it by: mvn -DskipTests package"
began=$(now)
stage=$(mktemp -d /tmp/op-dbus-labs-test-XXXXXX)

step "Look for what is needed"
# The lists are meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages $lab_packages
ok "a kernel and a file system for machines: $("$root/deploy/lab/machine-image")"

# In the background, because a shell handles a signal while it waits, but not while a foreground command runs.
"$root/deploy/lab/enter" "$root/deploy/lab/labs-test" "$stage" "$root/agent/target/op-dbus/bin/op-dbus" </dev/null &
scene=$!
wait "$scene" || fail "not everything held; see above"
scene=

took=$((($(now) - began) / 100))
printf '\n%sAll of it held, in %d s.%s Everything is cleaned up.\n' "$green" "$took" "$plain"
