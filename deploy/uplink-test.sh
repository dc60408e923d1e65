#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Moves the uplink of hosts onto a bridge and back: boots Debians whose only way to the network is a link to a router with a DHCP
# server, moves the link onto a bridge of Open vSwitch, confirms over a new ssh connection, lets the program that configures the
# network read its files again, reboots, moves back, and cuts the power while a move is unconfirmed; a client pings the host all
# the time. Nothing of the machine's is touched.
#
# `uplink-test.sh [CASE...]` tries the cases that are named: ifupdown2, networkd, networkmanager, networkmanager-static, netplan, ifupdown,
# dhclient; without a name the first three.
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

[ $# -gt 0 ] || set -- ifupdown2 networkd networkmanager
for case; do
    [ -f "$root/deploy/lab/uplink-$case" ] || {
        echo "usage: $0 [ifupdown2|networkd|networkmanager|networkmanager-static|netplan|ifupdown|dhclient...]" >&2
        echo "Moves the uplinks of Debians with different managers of their network, by the program in agent/target/op-dbus." >&2
        exit 2
    }
done

stage=
scene=
clean_up() {
    status=$?
    trap '' INT TERM HUP
    [ -z "$scene" ] || kill -KILL "$scene" 2>/dev/null || true
    [ -z "$scene" ] || wait "$scene" 2>/dev/null || true
    [ -z "$stage" ] || rm -rf "$stage"
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
install_packages $run_packages debootstrap dnsmasq-base openssh-client iputils-ping
# Sets the Debian of a case, and the package that configures its network: ifupdown and ifupdown2 exclude each other.
choose_debian() {
    debian=$cache/uplink
    manager=ifupdown2
    case $1 in
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

for case; do
    mkdir "$stage/$case"
    choose_debian "$case"
    "$root/deploy/lab/enter" "$root/deploy/lab/uplink-test" "$stage/$case" "$debian" "$case" \
        </dev/null &
    scene=$!
    wait "$scene" || fail "not everything held on the host with $case; see above"
    scene=
done

took=$((($(now) - began) / 100))
printf '\n%sAll of it held, in %d s.%s Everything is cleaned up.\n' "$green" "$took" "$plain"
