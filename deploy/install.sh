#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs op-dbus on this host from what was built here, or completes an installation of the Debian package: a place for
# enrolment tokens, a state file of what is there, and the drop-ins by which NetworkManager and systemd-networkd leave
# containers' links alone. Downloads nothing. May be run again: what is there already is left as it is.
#
# Everything that it makes is listed in /etc/op-dbus/install.manifest, by which uninstall.sh undoes exactly that.
set -eu

here=$(dirname "$(readlink -f "$0")")
distribution=${OP_DBUS_DISTRIBUTION:-$here/../agent/target/op-dbus}

usage() {
    cat <<USAGE
usage: $0 [--dry-run] [--root DIR]
Installs op-dbus as a service of this host. Needs root.
  --dry-run   says what would be done, and does nothing
  --root DIR  installs into DIR as if it were /, and starts no service
USAGE
}

root=
dry=
while [ $# -gt 0 ]; do
    case $1 in
    --dry-run) dry=yes ;;
    --root)
        [ $# -gt 1 ] || { usage >&2 && exit 2; }
        root=$(readlink -m -- "$2")
        shift
        ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
    shift
done

refuse() {
    echo "$0: $*" >&2
    exit 2
}

[ -n "$dry$root" ] || [ "$(id -u)" -eq 0 ] || refuse "must be run as root (try: sudo $0, or $0 --dry-run)"

# No other user than root ever sees an incomplete file, or one with wider permissions than intended.
umask 077
manifest=/etc/op-dbus/install.manifest
changes=0
promised=' '
pending=

# Says what is done, or would be.
doing() {
    changes=$((changes + 1))
    echo "${dry:+would }$*"
}

note() {
    grep -Fqx -- "$1" "$root$manifest" 2>/dev/null || echo "$1" >>"$root$manifest"
}

# Makes a folder and those above it: PATH MODE
folder() {
    [ ! -d "$root$1" ] || return 0
    # A dry run makes nothing, but prints this once.
    case $promised in *" $1 "*) return 0 ;; esac
    promised="$promised$1 "
    folder "$(dirname "$1")" 755
    doing "make the folder $1"
    [ -z "$dry" ] || return 0
    mkdir -m "$2" "$root$1"
    # The first ones are the manifest's own.
    pending="${pending}folder $1
"
    if [ -d "$root/etc/op-dbus" ]; then
        printf '%s' "$pending" >>"$root$manifest"
        pending=
    fi
}

# Writes standard input to a file that is not there yet: PATH MODE. It appears whole, and with its rights.
file() {
    if [ -e "$root$1" ]; then
        cat >/dev/null
        return 0
    fi
    folder "$(dirname "$1")" 755
    doing "write $1"
    if [ -n "$dry" ]; then
        cat >/dev/null
        return 0
    fi
    cat >"$root$1.new"
    chmod "$2" "$root$1.new"
    mv "$root$1.new" "$root$1"
    note "file $(sha256sum <"$root$1" | cut -d ' ' -f 1) $1"
}

# A link to the program: FOLDER NAME TARGET.
link() {
    [ ! -e "$root$1/$2" ] || return 0
    folder "$1" 755
    doing "link $1/$2 to it"
    if [ -z "$dry" ]; then
        ln -s "$3" "$root$1/$2"
        note "link $1/$2"
    fi
}

# The names of cloonix for the commands of labs. Where cloonix itself is installed, the names are its own.
lab_names() {
    for name in cloonix_net cloonix_cli cloonix_ovs cloonix_wsk; do
        other=
        for place in /usr/bin /usr/local/bin; do
            [ ! -e "$root$place/$name" ] || grep -Fqx "link $place/$name" "$root$manifest" 2>/dev/null || other=$place/$name
        done
        if [ -n "$other" ]; then
            echo "$other is another program, and is left as it is; op-dbus lab does the same as $name would"
        else
            link /usr/local/bin "$name" ../share/op-dbus/bin/cloonix
        fi
    done
}

program() {
    if [ -e "$root/usr/bin/op-dbus" ]; then
        echo "op-dbus is installed as a package; its files are left as they are"
        op_dbus=$root/usr/bin/op-dbus
        return
    fi
    [ -x "$distribution/bin/op-dbus" ] || refuse "nothing is built; first run: mvn -DskipTests package"
    op_dbus=$distribution/bin/op-dbus
    if [ ! -e "$root/usr/local/share/op-dbus" ]; then
        folder /usr/local/share 755
        doing "copy the program to /usr/local/share/op-dbus"
        if [ -z "$dry" ]; then
            (umask 022 && cp -R "$distribution" "$root/usr/local/share/op-dbus")
            chmod 755 "$root/usr/local/share/op-dbus"
            note "tree /usr/local/share/op-dbus"
        fi
    fi
    link /usr/local/bin op-dbus ../share/op-dbus/bin/op-dbus
    link /usr/local/bin ovsdb-fuse-mount ../share/op-dbus/bin/op-dbus
    lab_names
    # mount(8) looks for it there. /sbin may be a link to /usr/sbin.
    up=../usr
    [ ! -L "$root/sbin" ] || up=..
    link /sbin mount.fuse.op-dbus "$up/local/share/op-dbus/bin/op-dbus"
    file /etc/op-dbus/op-dbus.json 644 <"$here/op-dbus.json"
    file /etc/systemd/system/op-dbus.service 644 <<UNIT
$(sed 's|/usr/bin/op-dbus|/usr/local/bin/op-dbus|' "$here/systemd/op-dbus.service")
UNIT
    file /etc/systemd/system/op-dbus-uplink-boot.service 644 <"$here/systemd/op-dbus-uplink-boot.service"
    link /etc/systemd/system/sysinit.target.wants op-dbus-uplink-boot.service ../op-dbus-uplink-boot.service
    file /etc/sysusers.d/op-dbus.conf 644 <"$here/debian/op-dbus.sysusers"
    file /etc/tmpfiles.d/op-dbus.conf 644 <"$here/debian/op-dbus.tmpfiles"
    for rules in "$here"/dbus/*.conf; do
        file "/etc/dbus-1/system.d/${rules##*/}" 644 <"$rules"
    done
    for activation in "$here"/dbus/*.service; do
        file "/usr/local/share/dbus-1/system-services/${activation##*/}" 644 <"$activation"
    done
    # polkitd reads actions from nowhere else.
    file /usr/share/polkit-1/actions/org.opdbus.policy 644 <"$here/polkit/org.opdbus.policy"
}

bystanders() {
    [ -e "$root/usr/lib/NetworkManager/conf.d/90-op-dbus.conf" ] ||
        file /etc/NetworkManager/conf.d/90-op-dbus.conf 644 <"$here/network/NetworkManager.conf"
    [ -e "$root/usr/lib/systemd/network/05-op-dbus.network" ] ||
        file /etc/systemd/network/05-op-dbus.network 644 <"$here/network/networkd.network"
}

tokens() {
    file /etc/op-dbus/netmaker.env 600 <<'TOKENS'
# Enrolment keys of Netmaker, one KEY=value a line. A container's netmaker_token_env names the one that it joins with.
# Only root may read this file: op-dbus refuses it otherwise.
#NETMAKER_TOKEN=
TOKENS
    command -v netclient >/dev/null || cat <<'NETCLIENT'
netclient is not on this host. Only containers that are to join a Netmaker mesh need it. To have it, follow
https://docs.netmaker.io (Netclient, Installation), then put an enrolment key into /etc/op-dbus/netmaker.env.
NETCLIENT
}

state() {
    [ ! -e "$root/etc/op-dbus/state.json" ] || return 0
    if [ -n "$dry" ] || ! seen=$("$op_dbus" init --introspect - 2>/dev/null); then
        [ -n "$dry" ] || echo "cannot ask what runs on this host: the state file will be empty"
        seen='{"version":1,"plugins":{"lxc":{"containers":[]}}}'
    fi
    file /etc/op-dbus/state.json 644 <<STATE
$seen
STATE
}

service() {
    if [ -n "$root" ] || [ ! -d /run/systemd/system ]; then
        echo "no systemd runs here: the service is not started"
        return
    fi
    if [ -z "$dry" ]; then
        systemd-sysusers op-dbus.conf
        systemd-tmpfiles --create op-dbus.conf
        systemctl daemon-reload
        # It has read the rules before their group existed, and may not watch a folder that is new.
        ! systemctl is-active --quiet dbus.service || systemctl reload dbus.service
        ! systemctl is-active --quiet NetworkManager.service || systemctl reload NetworkManager.service
        ! systemctl is-active --quiet systemd-networkd.service || networkctl reload
    fi
    if ! systemctl is-enabled --quiet op-dbus.service 2>/dev/null || ! systemctl is-active --quiet op-dbus.service; then
        doing "enable and start op-dbus.service"
        [ -n "$dry" ] || {
            note "service op-dbus.service"
            systemctl enable --now op-dbus.service
        }
    fi
}

folder /etc/op-dbus 755
program
bystanders
tokens
state
service
[ "$changes" -gt 0 ] || echo "nothing to do: everything is there"
