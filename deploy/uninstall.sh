#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Undoes what install.sh did, as it is written in /etc/op-dbus/install.manifest, and nothing else. Files that have been
# changed since stay, and so do the ledger, its key, containers and their ports.
set -eu

usage() {
    cat <<USAGE
usage: $0 [--dry-run] [--root DIR]
Removes what install.sh installed. Needs root.
  --dry-run   says what would be done, and does nothing
  --root DIR  works in DIR as if it were /, and stops no service
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
manifest=$root/etc/op-dbus/install.manifest
[ -e "$manifest" ] || { echo "nothing to do: install.sh has installed nothing here" && exit 0; }

# The boot unit is a part of the way back of a move, so it stays until the move is over.
journal=$root/var/lib/op-dbus/uplink/move/journal
if [ -e "$journal" ] && ! grep -Eq '^[^ ]+ (confirmed|reverted)( |$)' "$journal"; then
    refuse "a move of the uplink is not over; run op-dbus uplink confirm or op-dbus uplink revert first"
fi

# Labs go on without an agent, and only op-dbus knows how to end them.
if ls "$root"/run/op-dbus/labs/*/wanted >/dev/null 2>&1; then
    refuse "labs run; see op-dbus lab list, and end each first: op-dbus lab NET stop"
fi

doing() {
    echo "${dry:+would }$*"
    [ -z "$dry" ]
}

remove_file() {
    if [ ! -e "$root$2" ]; then
        return
    elif [ "$(sha256sum <"$root$2" | cut -d ' ' -f 1)" = "$1" ]; then
        ! doing "remove $2" || rm "$root$2"
    else
        echo "$2 has been changed since; it stays"
    fi
}

# Only empty ones go.
remove_folder() {
    if [ -d "$root$1" ] && [ -z "$(ls -A "$root$1")" ]; then
        ! doing "remove the folder $1" || rmdir "$root$1"
    fi
}

# The last that was made goes first. Root's own file names have no blanks or line ends in them.
undo() {
    while read -r what first rest; do
        case $what in
        service)
            if [ -z "$root" ] && [ -d /run/systemd/system ]; then
                ! doing "disable and stop $first" || systemctl disable --now "$first"
            fi
            ;;
        file) remove_file "$first" "$rest" ;;
        link) [ ! -L "$root$first" ] || ! doing "remove $first" || rm "$root$first" ;;
        tree) [ ! -d "$root$first" ] || ! doing "remove $first" || rm -rf "$root$first" ;;
        folder) remove_folder "$first" ;;
        *) refuse "$manifest has a line that this program does not know: $what" ;;
        esac
    done
}

entries=$(tac "$manifest")
# The folder of the manifest can go only when the manifest has gone.
printf '%s\n' "$entries" | grep -v '^folder ' | undo
[ -n "$dry" ] || rm "$manifest"
printf '%s\n' "$entries" | grep '^folder ' | undo
if [ -z "$root$dry" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    ! systemctl is-active --quiet dbus.service || systemctl reload dbus.service
fi
[ ! -d "$root/var/lib/op-dbus" ] || echo "the ledger and its key stay in /var/lib/op-dbus"
