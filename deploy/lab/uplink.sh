# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# A host behind a router, whose uplink is moved: what uplink-test and uplink-cuts have in common. To be sourced after tell.sh, with
# the variables stage, root and host; then the file uplink-HOST, which says what differs between the hosts: prepare (files, and
# the addresses that are known), learn_address, reload, and, of some, is_managed_again, afterwards and the functions about a changed file.

# The variables come from the script that sources this file, and some are used there.
# shellcheck disable=SC2154,SC2034

op_dbus=/usr/local/bin/op-dbus

# Runs a command in the host, not over its network.
inside() {
    lxc-attach -P "$stage/lxc" -n debian --clear-env -v PATH=/usr/sbin:/usr/bin:/sbin:/bin -v LC_ALL=C.UTF-8 -- "$@"
}

# Runs a command in the host over a connection of its own.
over_ssh() {
    ssh -F none -i "$stage/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        -o ControlPath=none -o ConnectTimeout=10 -o BatchMode=yes "root@$address" "$@"
}

end() {
    status=$?
    if [ "$status" -ne 0 ] && [ -d "$stage/lxc/debian" ]; then
        [ ! -e "$stage/move" ] || sed 's/^/      /' "$stage/move" >&2
        printf '\n    The host in the end:\n' >&2
        inside sh -c 'ip -br address; ip route; ip -6 route; ovs-vsctl show; ovs-vsctl list bridge; cd /var/lib/op-dbus/uplink && ls -l && tail -n 40 move/journal ended/*/journal; journalctl --no-pager -u networking -u systemd-networkd -u NetworkManager -u op-dbus-uplink-boot -u ovsdb-server -u ovs-vswitchd -u op-dbus -n 60' >&2 || true
    fi
    lxc-stop -P "$stage/lxc" -n debian -k 2>/dev/null || true
    umount -l "$stage/root" "$stage/layer/disk" "$stage/layer" 2>/dev/null || true
    exit "$status"
}
trap end EXIT

# A unit that does not run on this host.
without() {
    mkdir -p "$stage/files/etc/systemd/system"
    for unit; do
        ln -s /dev/null "$stage/files/etc/systemd/system/$unit"
    done
}

# A file of the host: PATH, its text on standard input.
file() {
    mkdir -p "$stage/files$(dirname "$1")"
    cat >"$stage/files$1"
}

# The router: the laboratory itself, on a bridge of its kernel.
start_router() {
    ip link add lan type bridge
    # The copy of a packet that goes through a userspace datapath has no checksum if the kernel leaves it to the hardware.
    ethtool -K lan tx off >/dev/null
    ip address add 192.0.2.1/24 dev lan
    ip address add 2001:db8::1/64 dev lan nodad
    ip link set lan up
    dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --interface=lan --bind-interfaces --leasefile-ro --pid-file= \
        --dhcp-range=192.0.2.100,192.0.2.199,255.255.255.0,2m --dhcp-range=2001:db8::,ra-only,64,5m --enable-ra \
        --log-facility="$stage/dnsmasq.log" &
}

# Pings both addresses ten times a second from now on.
start_pings() {
    for each in $address $address6; do
        ping -n -i 0.1 "$each" >"$stage/ping.$each" 2>&1 &
        pingers="${pingers:-} $!"
    done
}

# Ends that, and fails if more than a number of answers in a row are missing: WHAT MISSING
end_pings() {
    # The list is meant to fall apart into words.
    # shellcheck disable=SC2086
    kill -INT $pingers
    # shellcheck disable=SC2086
    wait $pingers || true
    pingers=
    for each in $address $address6; do
        worst=$(sed -n 's/.*icmp_seq=\([0-9]*\) .*time=.*/\1/p' "$stage/ping.$each" | sort -nu |
            awk 'NR > 1 && $1 - last - 1 > worst { worst = $1 - last - 1 } { last = $1 } END { print NR ? worst + 0 : "all" }')
        say "$1: at most $worst answers in a row of $each are missing"
        case $worst in
        all) fail "$1: $each did not answer at all" ;;
        *) [ "$worst" -le "$2" ] || fail "$1: $worst answers in a row of $each are missing" ;;
        esac
    done
}

answers() {
    ping -n -c 1 -W 1 "$address" && ping -n -c 1 -W 1 "$address6"
}

# Whether the host's addresses are on this link, and on no other: LINK
are_on() {
    for each in "$address" "$address6"; do
        found=$(inside ip -o address show to "$each" | awk '{ print $2 }' | paste -sd ' ')
        [ "$found" = "$1" ] || { echo "$each is on \"$found\", not on $1" && return 1; }
    done
}

# Whether the link has no address, not even a link-local one: LINK
has_none() {
    found=$(inside ip -br address show dev "$1" | awk '{ $1 = $2 = ""; print }')
    [ -z "$(echo "$found" | tr -d ' ')" ] || { echo "$1 has$found" && return 1; }
}

is_port() {
    [ "$(inside ovs-vsctl port-to-br eno1)" = vmbr0 ]
}

# Whether both ways to the network are as they must be on the bridge.
is_on_bridge() {
    are_on vmbr0 && has_none eno1 && is_port && answers
}

is_on_link() {
    are_on eno1 && answers && ! is_port
}

# Whether the link answers ARP requests; a router that knows its hardware address already would not notice.
is_not_deaf() {
    [ "$(inside cat /proc/sys/net/ipv4/conf/eno1/arp_ignore)" = 0 ]
}

# Cuts the power, and boots again.
cut_power() {
    "$(dirname "$0")/cut-power" "$stage" "$root"
    ethtool -K lan tx off >/dev/null
}

# The files of the program that configures the network, as one text.
configuration() {
    # The variables are the host's.
    # shellcheck disable=SC2016
    inside sh -c 'find /etc/network /etc/systemd /etc/sysctl.d /etc/udev /etc/NetworkManager -type f 2>/dev/null | sort |
        while read -r each; do echo "== $each"; cat "$each"; done'
}

# Whether the kernel has checked that no other host has an address of this one (RFC 4862 section 5.4): a move is refused before.
is_checked() {
    tentative=$(inside ip -6 -o address show tentative)
    [ -z "$tentative" ] || { echo "$tentative" && return 1; }
}

# Writes the plan of a move to $stage/plan.
plan() {
    over_ssh "$op_dbus" uplink move eno1 --bridge vmbr0 --dry-run >"$stage/plan" 2>&1 || { cat "$stage/plan" && return 1; }
}

# Begins a move; the program ends when the move is confirmed or taken back: MOVE... Its output is in $stage/move.
begin() {
    wait_until "the kernel still checks an address" 30 is_checked
    : >"$stage/move"
    move_checked "$@" >>"$stage/move" 2>&1 &
    mover=$!
}

# Makes a move, again if it was refused because a router has just given the host another address: MOVE...
move_checked() {
    until over_ssh "$op_dbus" uplink "$@" --yes; do
        grep -q 'the kernel still checks' "$stage/move" || return 1
        : >"$stage/move"
        wait_until "the kernel still checks an address" 30 is_checked
    done
}

# Confirms the move over a connection that is new, and waits for the program that makes it.
confirm() {
    wait_until "the move cannot be confirmed" 30 over_ssh "$op_dbus" uplink confirm
    said=0
    wait "$mover" || said=$?
    sed 's/^/      /' "$stage/move"
    [ "$said" -eq 0 ] || fail "the program that moved ended with $said"
}

# Whether the way back was taken to its end: the files come after the addresses.
is_over() {
    ! inside test -e /var/lib/op-dbus/uplink/move/undo.sh
}

# Whether the program that configures the network has the link again, if it can tell.
is_managed_again() {
    :
}

# Changes a file that the move has written, if the case tries that.
change_file() {
    :
}

# Whether the change was shown, and a copy of it is kept.
is_change_kept() {
    :
}

# What else is tried on a host of this kind.
afterwards() {
    :
}

# Boots the host and its router. The host then has its addresses on eno1, and an agent.
boot_host() {
    step "Boot a Debian with $host behind a router"
    mkdir -p "$stage/files/root/.ssh"
    ssh-keygen -q -t ed25519 -N '' -f "$stage/key"
    cp "$stage/key.pub" "$stage/files/root/.ssh/authorized_keys"
    chmod 700 "$stage/files/root" "$stage/files/root/.ssh"
    chmod 755 "$stage" "$stage/files"
    prepare
    # An empty state, so that install.sh does not look for containers in the laboratory.
    file /etc/op-dbus/state.json <<'STATE'
{"version":1,"plugins":{"lxc":{"containers":[]}}}
STATE
    # As in the Debian, or its own would have to be overwritten.
    mkdir -p "$stage/files/usr/sbin"
    ln -s usr/sbin "$stage/files/sbin"
    "$(dirname "$0")/../install.sh" --root "$stage/files" >"$stage/install.log"
    mkdir -p "$stage/files/etc/systemd/system/multi-user.target.wants"
    ln -s ../op-dbus.service "$stage/files/etc/systemd/system/multi-user.target.wants/"
    start_router
    "$(dirname "$0")/boot-debian" "$stage" "$root" "$stage/files" lan "${disk:-}"
    # The new bridge has the datapath of the one that is there.
    inside ovs-vsctl add-br guests -- set bridge guests datapath_type=netdev
    wait_until "the host has no address" 60 learn_address
    learn_address
    wait_until "the host has no network" 60 is_on_link
    ok "$(inside systemctl --version | head -n 1), $address, $address6"
}
