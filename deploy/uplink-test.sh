#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Moves the uplink of hosts onto a bridge and back: boots Debians whose only way to the network is a link to a router with a DHCP
# server, moves the link onto a bridge of Open vSwitch, confirms over a new ssh connection, lets the program that configures the
# network read its files again, reboots, moves back, and cuts the power while a move is unconfirmed; a client pings the host all
# the time. Nothing of the machine's is touched.
#
# `uplink-test.sh [CASE...]` tries the cases that are named: ifupdown2, networkd, networkmanager, networkmanager-static, netplan, ifupdown,
# dhclient; and power-cuts-HOST with one of these names, which cuts the power at each step of a move and of the way back.
# power-cuts-HOST=COUNT cuts it at so many steps, which the number in OP_DBUS_SEED chooses. Without a name the first three are tried,
# and power-cuts-ifupdown2=1.
#
# The Debians are made by debootstrap, once, from this machine's own apt sources, beside those of package-test.sh, in
# /var/cache/op-dbus-package-test (or the folder in OP_DBUS_CACHE). They are made anew when they lack a package of the list below.
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

usage() {
    echo "usage: $0 [HOST|power-cuts-HOST[=COUNT]...]" >&2
    echo "Moves the uplinks of Debians with different managers of their network, by the program in agent/target/op-dbus." >&2
    echo "HOST is ifupdown2, networkd, networkmanager, networkmanager-static, netplan, ifupdown or dhclient." >&2
    exit 2
}

# Sets the host of a case, and how often its power is cut: a number, "always", or nothing.
read_case() {
    host=${1#power-cuts-}
    cuts=
    [ "$host" = "$1" ] || cuts=always
    case $host in
    *=*)
        [ -n "$cuts" ] || usage
        cuts=${host#*=}
        host=${host%%=*}
        case $cuts in '' | *[!0-9]*) usage ;; esac
        ;;
    esac
    case $host in
    ifupdown2 | networkd | networkmanager | networkmanager-static | netplan | ifupdown | dhclient) ;;
    *) usage ;;
    esac
}

[ $# -gt 0 ] || set -- ifupdown2 networkd networkmanager power-cuts-ifupdown2=1
for case; do
    read_case "$case"
done
seed=${OP_DBUS_SEED:-$(date +%s)}

stage=
scene=
clean_up() {
    status=$?
    trap '' INT TERM HUP
    end_scene "$scene"
    remove_stage "$stage"
    exit "$status"
}

# debootstrap does not find libpam-systemd, which sshd's sessions want, by itself.
debian_packages="systemd-sysv dbus udev iproute2 iputils-ping procps openvswitch-switch isc-dhcp-client openssh-server libpam-systemd java"

need_root "makes a Debian and boots it"
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

[ -x "$root/agent/target/op-dbus/bin/op-dbus" ] ||
    refuse "there is no program in agent/target; make it by: mvn -DskipTests package"
began=$(now)
stage=$(mktemp -d /tmp/op-dbus-uplink-test-XXXXXX)
cache=${OP_DBUS_CACHE:-/var/cache/op-dbus-package-test}

step "Look for what is needed"
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages debootstrap dnsmasq-base openssh-client iputils-ping e2fsprogs jq strace
# Sets the Debian of a case, and the package that configures its network: ifupdown and ifupdown2 exclude each other.
choose_debian() {
    read_case "$1"
    debian=$cache/uplink
    manager=ifupdown2
    case $host in
    ifupdown) debian=$cache/uplink-ifupdown manager=ifupdown ;;
    netplan) debian=$cache/uplink-netplan manager=netplan.io ;;
    networkmanager*) debian=$cache/uplink-networkmanager manager=network-manager ;;
    esac
}

for case; do
    choose_debian "$case"
    # shellcheck disable=SC2086
    if ! has_every_package "$debian" $debian_packages $manager; then
        say "A Debian with $manager is made, which takes a minute or two."
        # shellcheck disable=SC2086
        make_debian "$debian" "$stage/debootstrap.log" $debian_packages $manager
    fi
    ok "$debian: Debian $(cat "$debian/etc/debian_version")"
done

# Runs what is tried on the host of a case in a laboratory: FOLDER
begin_scene() {
    case $cuts in
    '') set -- uplink-test "$1" "$debian" "$host" ;;
    always) set -- uplink-cuts "$1" "$debian" "$host" ;;
    *) set -- uplink-cuts "$1" "$debian" "$host" "$cuts" "$seed" ;;
    esac
    scene_file=$1
    shift
    "$root/deploy/lab/enter" "$root/deploy/lab/$scene_file" "$@" </dev/null &
    scene=$!
}

for case; do
    choose_debian "$case"
    folder=$stage/${case%=*}
    mkdir "$folder"
    begin_scene "$folder"
    wait "$scene" || fail "not everything held on the host with $case; see above"
    scene=
    rm -rf "$folder"
done

took=$((($(now) - began) / 100))
printf '\n%sAll of it held, in %d s.%s Everything is cleaned up.\n' "$green" "$took" "$plain"
