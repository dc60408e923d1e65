#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Tries the Debian package for real: boots a fresh Debian with systemd, installs the package there, and plays the life of
# the service: containers, SIGKILL, a hang, a reload, an upgrade, removal, purge. Nothing of the host's is touched.
#
# The Debian is made by debootstrap, once, from this machine's own apt sources, in /var/cache/op-dbus-package-test (or the folder in
# OP_DBUS_CACHE); that takes a minute or two and half a gigabyte or so. It is made anew when it lacks a package of the list below.
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

case ${1:-} in
'' | *.deb) ;;
*)
    echo "usage: $0 [PACKAGE.deb]" >&2
    echo "Tries the package in a fresh Debian; without an argument, the one in agent/target." >&2
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

# What is in the Debian before the package comes: what the package depends on and recommends, so that it can be
# installed without a network; and polkit and clients of D-Bus. debootstrap does not find what fulfils a virtual package, such as
# the logind of polkitd, by itself.
debian_packages="systemd-sysv dbus iproute2 iputils-ping procps man-db openvswitch-switch lxc lxc-templates busybox-static
    polkitd libpam-systemd libglib2.0-bin python3-gi systemd-container java"

need_root "makes a Debian and boots it"
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# install_packages has a variable of the name "package".
deb=${1:-$(find "$root/agent/target" -maxdepth 1 -name 'op-dbus_*_all.deb' 2>/dev/null | sort | tail -n 1)}
[ -f "$deb" ] || refuse "there is no package in agent/target; make it by: mvn -DskipTests package"
deb=$(readlink -f "$deb")
began=$(now)
stage=$(mktemp -d /tmp/op-dbus-package-test-XXXXXX)
cache=${OP_DBUS_CACHE:-/var/cache/op-dbus-package-test}
debian=$cache/debian

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

"$root/deploy/lab/enter" "$root/deploy/lab/package-test" "$stage" "$debian" "$deb" </dev/null &
scene=$!
wait "$scene" || fail "not everything held; see above"
scene=

took=$((($(now) - began) / 100))
printf '\n%sAll of it held, in %d s.%s Everything is cleaned up.\n' "$green" "$took" "$plain"
