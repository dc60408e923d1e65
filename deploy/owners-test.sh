#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Tries `introspect` on hosts of three kinds: boots a Debian whose network is managed by NetworkManager, one with
# systemd-networkd and netplan, one with ifupdown2, gives links to each, and looks whether the owner of each link is told rightly.
# Nothing of the host's is touched.
#
# The Debian is made by debootstrap, once, from this machine's own apt sources, beside that of package-test.sh, in
# /var/cache/op-dbus-package-test (or the folder in OP_DBUS_CACHE). It is made anew when it lacks a package of the list below.
set -eu

root=$(readlink -f "$(dirname "$(readlink -f "$0")")/..")
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
# shellcheck source=deploy/lab/tell.sh
. "$root/deploy/lab/tell.sh"
# shellcheck source=deploy/lab/debian.sh
. "$root/deploy/lab/debian.sh"
# shellcheck source=deploy/lab/scene.sh
. "$root/deploy/lab/scene.sh"

[ $# -eq 0 ] || {
    echo "usage: $0" >&2
    echo "Tries introspect of the program in agent/target/op-dbus in Debians with different managers of their network." >&2
    exit 2
}

stage=
scene=
clean_up() {
    status=$?
    trap '' INT TERM HUP
    end_scene "$scene"
    remove_stage "$stage"
    exit "$status"
}

# Every manager is in the Debian; which of them run is decided when it boots. debootstrap does not find the logind of polkitd,
# which NetworkManager depends on, by itself.
debian_packages="systemd-sysv dbus udev iproute2 procps polkitd libpam-systemd network-manager ifupdown2 netplan.io java"

need_root "makes a Debian and boots it"
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

[ -x "$root/agent/target/op-dbus/bin/op-dbus" ] ||
    refuse "there is no program in agent/target; make it by: mvn -DskipTests package"
began=$(now)
stage=$(mktemp -d /tmp/op-dbus-owners-test-XXXXXX)
debian=${OP_DBUS_CACHE:-/var/cache/op-dbus-package-test}/owners

step "Look for what is needed"
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages debootstrap
# shellcheck disable=SC2086
if ! has_every_package "$debian" $debian_packages; then
    say "A Debian is made, which takes a minute or two."
    # shellcheck disable=SC2086
    make_debian "$debian" "$stage/debootstrap.log" $debian_packages
fi
ok "$debian: Debian $(cat "$debian/etc/debian_version")"

for manager in NetworkManager networkd ifupdown2; do
    mkdir "$stage/$manager"
    "$root/deploy/lab/enter" "$root/deploy/lab/owners-test" "$stage/$manager" "$debian" "$root/agent/target/op-dbus" "$manager" \
        </dev/null &
    scene=$!
    wait "$scene" || fail "not everything held on the host with $manager; see above"
    scene=
done

took=$((($(now) - began) / 100))
printf '\n%sAll of it held, in %d s.%s Everything is cleaned up.\n' "$green" "$took" "$plain"
