#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The way back of one move of an uplink. op-dbus wrote this script before it changed anything. Whatever takes the move back
# runs it: the alarm at the deadline, the boot unit, op-dbus itself, or a person. It does not need op-dbus.
#
# usage: undo.sh CAUSE                  takes the way back now
#        undo.sh --after SECONDS CAUSE  waits, then tries again and again until the way back is finished
#        undo.sh boot                   before the network is configured at boot: puts back files and rows of Open vSwitch
#                                       only, because the links and their addresses are new
#
# Exit status: 0 the way back is finished, or the move is over; 1 it is not finished: run the script again; 2 wrong use.
#
# The script may run at any time and any number of times. Each step copes with a step of the move that was never begun, half
# done, or done. Below are, in this order: the values of this move, its steps from last to first, and how each is undone.
set -u
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL

@VALUES@

# The steps of this move from last to first. A step that was never begun is left out.
take_steps_back() {
@STEPS@
    :
}

# What must not wait for Open vSwitch: the files for the next boot.
take_files_back() {
@FILES@
    :
}

# Tells the neighbours on the link that has the addresses again, and asks the routers there for an answer.
announce() {
@ANNOUNCE@
    wait
}

journal=$move/journal
kept=$move/kept
# Filled with the first thing that could not be undone.
unfinished=
# Is set in a step whose undo failed.
failed=
# Is set at boot.
links_are_new=

# --- The journal --------------------------------------------------------------------------------------------------------

# Returns whether the journal has a line with this word and, if given, this rest: WORD [REST]
has() {
    while read -r _ word rest; do
        if [ "$word" = "$1" ] && { [ $# -lt 2 ] || [ "$rest" = "$2" ]; }; then
            return 0
        fi
    done 2>/dev/null <"$journal"
    return 1
}

# Writes a line, if the journal does not have it yet, and waits until it is on disk. A full disk does not stop the way back.
say() {
    rest=$(printf '%s' "${2-}" | tr -s '[:cntrl:]' ' ' | cut -c 1-500)
    set -- "$1" "${rest% }"
    ! has "$@" || return 0
    line="$(date -u +%Y-%m-%dT%H:%M:%SZ) $1${2:+ $2}"
    # A power failure may have torn the last line.
    [ -z "$(tail -c 1 "$journal")" ] || line="
$line"
    { printf '%s\n' "$line" >>"$journal" && sync "$journal"; } || echo "cannot write to the journal: $line" >&2
}

# Returns whether there is nothing to take back. The folder may hold another move by now.
is_over() {
    ! has planned "$id" || has confirmed || has reverted
}

# Says that something could not be undone. The script goes on with the rest.
fail() {
    echo "$1" >&2
    failed=yes
    [ -n "$unfinished" ] || unfinished=$1
}

# Says that something stays as it is, because another hand has changed it.
leave() {
    echo "$1" >&2
    say left "$1"
}

# Begins the undo of a step; returns whether there is something to undo: NUMBER
step() {
    failed=
    has begins "$1"
}

# Ends the undo of a step: NUMBER
undone() {
    [ -n "$failed" ] || say undone "$1"
}

# --- Addresses, routes and rules ----------------------------------------------------------------------------------------

# Runs a command that adds something. It is fine if that is there already.
give() {
    if ! said=$(timeout -k 1 10 "$@" 2>&1); then
        case $said in
        *'File exists'*) ;;
        *) fail "$*: $said" ;;
        esac
    fi
}

# Runs a command that removes something, or makes a small difference; it is fine if that fails.
try() {
    timeout -k 1 10 "$@" >/dev/null 2>&1 || :
}

# Runs a program that tells others where the addresses are; a host that lacks the program does without.
tell() {
    ! command -v "$1" >/dev/null || timeout -k 1 3 "$@" >/dev/null 2>&1 &
}

# Prints how many of so many seconds are left since the plan was made.
left() {
    gone=$(($(date +%s) - planned))
    [ "$gone" -ge 0 ] || gone=0
    if [ "$gone" -lt "$1" ]; then echo $(($1 - gone)); else echo 1; fi
}

# Writes a setting of the kernel: PATH VALUE. A setting of a link that is gone is gone.
set_back() {
    [ ! -e "$1" ] || printf '%s\n' "$2" 2>/dev/null >"$1" || fail "cannot write $2 to $1"
}

# --- Files and programs -------------------------------------------------------------------------------------------------

# Returns whether two files have the same content, or are both absent.
is_same() {
    if [ -e "$1" ] && [ -e "$2" ]; then
        [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ]
    else
        [ ! -e "$1" ] && [ ! -e "$2" ]
    fi
}

# Puts a file back as it was, with its owner and mode: NUMBER PATH was-there|was-absent
restore_file() {
    before=$kept/$1.before
    if [ "$3" = was-there ] && [ ! -e "$before" ]; then
        fail "the copy $before of $2 is gone"
        return
    fi
    ! is_same "$2" "$before" || return 0
    if ! is_same "$2" "$kept/$1.after"; then
        leave "$2 was changed after the move wrote it, so it stays; what was there before is in $ended/kept/$1.before"
        return
    fi
    folder=${2%/*}/
    if [ "$3" = was-there ]; then
        beside=$folder.op-dbus-${2##*/}
        { cp -a "$before" "$beside" && sync "$beside" && mv -f "$beside" "$2"; } || fail "cannot write $2"
    else
        rm -f "$2" || fail "cannot remove $2"
    fi
    sync "$folder"
}

# Runs a program that undoes what another one did, three times at most: WHAT PROGRAM ARGUMENT...
run_program() {
    what=$1
    shift
    for _ in 1 2 3; do
        # A daemon that it starts must not keep the locks.
        timeout -k 5 60 "$@" </dev/null 8>&- 9>&- && return 0
        sleep 1
    done
    leave "the undo of \"$what\" failed: $*"
}

# --- Open vSwitch -------------------------------------------------------------------------------------------------------

switchd_runs() {
    { read -r pid <"$rundir/ovs-vswitchd.pid" && read -r name <"/proc/$pid/comm"; } 2>/dev/null &&
        [ "$name" = ovs-vswitchd ]
}

# Runs a transaction on the file of the database, and waits until it is on disk: TRANSACTION. A cut of the power can tear the last
# record. ovsdb-tool refuses such a file; ovsdb-server cuts the torn record off, as it would at its next start.
transact_on_disk() {
    if answer=$(timeout -k 1 10 ovsdb-tool transact "$database" "$1" 2>&1); then
        printf '%s\n' "$answer"
    else
        (
            export own_socket="$move/database" transaction="$1"
            # The variables are for the shell that ovsdb-server starts.
            # shellcheck disable=SC2016
            timeout -k 1 20 ovsdb-server -vconsole:off --unixctl=none "--remote=punix:$own_socket" \
                --run='exec ovsdb-client --timeout=10 transact "unix:$own_socket" "$transaction"' "$database" 8>&- 9>&-
        ) || { echo "$answer" && return 1; }
    fi
    sync "$database"
}

# Runs a transaction (RFC 7047) and puts its results into $result. While neither daemon runs, as at boot, it changes the file
# of the database; ovsdb-server locks that file. With only ovs-vswitchd running it changes nothing: ovs-vswitchd would follow
# as soon as ovsdb-server runs again, and the rest of the way back would come too late.
transact() {
    if result=$(timeout -k 1 10 ovsdb-client --timeout=5 transact "unix:$socket" "$1" 2>&1); then
        :
    elif switchd_runs; then
        fail "ovsdb-server does not answer at $socket: $result"
        return 1
    elif said=$result && ! result=$(transact_on_disk "$1" 2>&1); then
        fail "ovsdb-server does not answer at $socket: $said; and its file cannot be changed: $result"
        return 1
    fi
    case $result in
    *'"error"'*)
        fail "Open vSwitch refused a change: $result"
        return 1
        ;;
    esac
}

# Prints the first identifier of a row in $result; nothing if there is none.
row() {
    case $result in
    *'["uuid","'*)
        row=${result#*\[\"uuid\",\"}
        echo "${row%%\"*}"
        ;;
    esac
}

# Asks ovs-vswitchd to act on a transaction, as ovs-vsctl does, and ovsdb-server to answer when it is on disk.
next_cfg='{"op":"mutate","table":"Open_vSwitch","where":[],"mutations":[["next_cfg","+=",1]]},{"op":"commit","durable":true}'

# Waits until ovs-vswitchd has acted on all transactions, if it runs.
await_switch() {
    switchd_runs || return 0
    transact '["Open_vSwitch",{"op":"select","table":"Open_vSwitch","where":[],"columns":["next_cfg"]}]' || return
    number=${result#*\"next_cfg\":}
    number=${number%%[!0-9]*}
    timeout -k 1 10 ovs-vsctl "--db=unix:$socket" --timeout=5 wait-until Open_vSwitch . "cur_cfg>=$number" ||
        fail "ovs-vswitchd does not act on its database"
}

# Returns whether the link can have its addresses back. A link in the kernel's datapath gives all packets to the bridge, which
# goes on without ovsdb-server, so the addresses stay on the bridge until ovsdb-server takes the change. The userspace datapath
# leaves a copy of each packet to the link, and stops when ovsdb-server does.
link_can_have_addresses() {
    case $(ip -o link show dev "$link" 2>/dev/null) in
    *' master ovs-system '*)
        ! switchd_runs ||
            transact '["Open_vSwitch",{"op":"select","table":"Open_vSwitch","where":[],"columns":["_uuid"]}]'
        ;;
    esac
}

# Removes the port of a link, if it bears the mark of this move: LINK NAME; NAME is LINK as JSON
remove_port() {
    of_name='["name","==",'$2']'
    of_move='["external_ids","includes",["map",[["op-dbus:uplink","'$id'"]]]]'
    select='{"op":"select","table":"Port","columns":["_uuid"],"where"'
    transact '["Open_vSwitch",'"$select:[$of_name,$of_move]}]" || return
    port=$(row)
    if [ -n "$port" ]; then
        port='["uuid","'$port'"]'
        transact '["Open_vSwitch",{"op":"mutate","table":"Bridge","where":[["ports","includes",'"$port"']],
            "mutations":[["ports","delete",'"$port"']]},'"$next_cfg]" || return
    else
        transact '["Open_vSwitch",'"$select:[$of_name]}]" || return
        if [ -n "$(row)" ]; then
            leave "the port $1 of Open vSwitch does not bear the mark of this move, so it stays"
            return
        fi
    fi
    [ -z "$links_are_new" ] || return 0
    if switchd_runs && await_switch; then
        return
    fi
    # An ovs-vswitchd that is dead or stopped leaves the link in the kernel's datapath, where its packets end.
    case $(ip -o link show dev "$1" 2>/dev/null) in
    *' master ovs-system '*) give ovs-dpctl del-if system@ovs-system "$1" ;;
    esac
    # It also leaves the link promiscuous.
    [ -e "$kept/promiscuous" ] || try ip link set dev "$1" promisc off
}

# Makes a link a port of a bridge again, with the mark of the move that brought it there and with its VLANs:
# LINK NAME BRIDGE [COLUMNS]; NAME and BRIDGE are JSON, COLUMNS are members of a JSON object
add_port() {
    port='{"name":'$2',"interfaces":["named-uuid","link"],"external_ids":["map",[["op-dbus:uplink","'$mark'"]]]'${4:+,$4}'}'
    select='{"op":"select","table":"Port","columns":["_uuid"],"where":[["name","==",'$2']]}'
    transact '["Open_vSwitch",'"$select]" || return
    if [ -z "$(row)" ]; then
        transact '["Open_vSwitch",
            {"op":"wait","table":"Bridge","where":[["name","==",'"$3"']],"columns":["name"],"until":"==",
                "rows":[{"name":'"$3"'}],"timeout":0},
            {"op":"insert","table":"Interface","uuid-name":"link","row":{"name":'"$2"'}},
            {"op":"insert","table":"Port","uuid-name":"port","row":'"$port"'},
            {"op":"mutate","table":"Bridge","where":[["name","==",'"$3"']],
                "mutations":[["ports","insert",["named-uuid","port"]]]},'"$next_cfg]" || return
    fi
    [ -z "$links_are_new" ] || return 0
    if switchd_runs; then
        await_switch
    else
        fail "ovs-vswitchd does not run, so the bridge does not forward packets"
    fi
}

# Removes the bridge if this move made it and it has no port but its own: BRIDGE NAME; NAME is BRIDGE as JSON
remove_bridge() {
    transact '["Open_vSwitch",{"op":"select","table":"Bridge","columns":["_uuid"],"where":[["name","==",'"$2"'],
        ["external_ids","includes",["map",[["op-dbus:uplink-made","'"$id"'"]]]]]}]' || return
    bridge=$(row)
    [ -n "$bridge" ] || return 0
    bridge='["uuid","'$bridge'"]'
    transact '["Open_vSwitch",{"op":"select","table":"Bridge","columns":["ports"],
        "where":[["_uuid","==",'"$bridge"']]}]' || return
    case $result in
    *'"ports":["set",'*)
        leave "the bridge $1 has other ports by now, so it stays"
        return
        ;;
    esac
    # The transaction has no effect if the bridge gets another port at this moment.
    transact '["Open_vSwitch",
        {"op":"wait","table":"Bridge","where":[["_uuid","==",'"$bridge"']],"columns":["ports"],"until":"==",
            "rows":[{"ports":["uuid","'"$(row)"'"]}],"timeout":0},
        {"op":"mutate","table":"Open_vSwitch","where":[],"mutations":[["bridges","delete",'"$bridge"']]},'"$next_cfg]" ||
        return
    [ -z "$links_are_new" ] || return 0
    if switchd_runs && await_switch; then
        return
    fi
    # An ovs-vswitchd that is dead leaves the link of the bridge behind: in the kernel's datapath, or as a tap.
    case $(ip -o -d link show dev "$1" 2>/dev/null) in
    *' master ovs-system '*) give ovs-dpctl del-if system@ovs-system "$1" ;;
    *' tun type tap '*) give ip link del dev "$1" ;;
    esac
}

# Makes a bridge again that the move removed, with the mark of the move that made it: BRIDGE NAME DATAPATH MAC MTU; NAME, DATAPATH
# and MAC are JSON
make_bridge() {
    transact '["Open_vSwitch",{"op":"select","table":"Bridge","columns":["_uuid"],"where":[["name","==",'"$2"']]}]' || return
    if [ -z "$(row)" ]; then
        marks='"external_ids":["map",[["op-dbus:uplink-made","'$mark'"]]],"other_config":["map",[["hwaddr",'$4']]]'
        transact '["Open_vSwitch",
            {"op":"insert","table":"Interface","uuid-name":"link",
                "row":{"name":'"$2"',"type":"internal","mtu_request":'"$5"'}},
            {"op":"insert","table":"Port","uuid-name":"port","row":{"name":'"$2"',"interfaces":["named-uuid","link"]}},
            {"op":"insert","table":"Bridge","uuid-name":"bridge","row":{"name":'"$2"',"ports":["named-uuid","port"],
                "datapath_type":'"$3"',"fail_mode":"standalone",'"$marks"'}},
            {"op":"mutate","table":"Open_vSwitch","where":[],
                "mutations":[["bridges","insert",["named-uuid","bridge"]]]},'"$next_cfg]" || return
    fi
    [ -z "$links_are_new" ] || return 0
    await_switch
    give ip link set dev "$1" up
}

# Gives a bridge the hardware address of the plan again: NAME MAC; both are JSON
renew_hwaddr() {
    transact '["Open_vSwitch",{"op":"mutate","table":"Bridge","where":[["name","==",'"$1"']],
        "mutations":[["other_config","delete",["set",["hwaddr"]]],
            ["other_config","insert",["map",[["hwaddr",'"$2"']]]]]},'"$next_cfg]" || return
    [ -n "$links_are_new" ] || await_switch
}

# Gives a bridge its former hardware address, if it has that of the move: NAME NOW FORMER; all are JSON, FORMER can be empty
restore_hwaddr() {
    of_name='["name","==",'$1']'
    of_move='["other_config","includes",["map",[["hwaddr",'$2']]]]'
    former=${3:+,[\"other_config\",\"insert\",[\"map\",[[\"hwaddr\",$3]]]]}
    transact '["Open_vSwitch",{"op":"mutate","table":"Bridge","where":'"[$of_name,$of_move]"',
        "mutations":[["other_config","delete",["set",["hwaddr"]]]'"$former"']},'"$next_cfg]" || return
    [ -n "$links_are_new" ] || await_switch
}

# Gives the own link of a bridge another MTU, if it has that of the move: NAME NOW WANTED; NAME is JSON, 0 stands for no MTU
change_mtu() {
    now=$2 wanted=$3
    [ "$now" -ne 0 ] || now='["set",[]]'
    [ "$wanted" -ne 0 ] || wanted='["set",[]]'
    transact '["Open_vSwitch",{"op":"update","table":"Interface","where":[["name","==",'"$1"'],["mtu_request","==",'"$now"']],
        "row":{"mtu_request":'"$wanted"'}},'"$next_cfg]"
}

# --- The way back -------------------------------------------------------------------------------------------------------

# Takes the way back once: CAUSE
take_back() {
    ! is_over || return 0
    # Gives the journal room on a full disk; op-dbus begins no step without it.
    rm -f "$move/reserve"
    has reverting || say reverting "$1"
    # One script at a time; one that is stopped does not hold up the others for ever.
    exec 8>>"$lock.undo"
    flock -w 60 8 || echo "another run of this script is stopped; going on without it" >&2
    # A step that op-dbus carries out may end first, but an op-dbus that is stopped must not stop the way back.
    exec 9>>"$lock"
    flock -w 5 9 || fail "op-dbus is in the middle of a step and is stopped"
    ! is_over || return 0

    if [ -n "$links_are_new" ] || link_can_have_addresses; then
        take_steps_back
    fi
    if [ -n "$unfinished" ]; then
        take_files_back
        say unfinished "$unfinished"
        return 1
    fi
    say reverted
    [ -n "$links_are_new" ] || announce
}

usage() {
    echo "usage: $0 CAUSE | --after SECONDS CAUSE | boot" >&2
    exit 2
}

main() {
    # The end of a terminal or of a session must not end the way back in its middle.
    trap '' HUP INT PIPE
    case ${1-} in
    --after)
        [ $# -eq 3 ] || usage
        sleep "$2" &
        waiting=$!
        trap 'kill "$waiting"; exit 0' TERM
        wait "$waiting"
        trap '' TERM
        until (take_back "$3"); do
            sleep 5
        done
        ;;
    boot)
        links_are_new=yes
        take_back 'the host was started anew before the move was confirmed'
        ;;
    '' | -*) usage ;;
    *)
        [ $# -eq 1 ] || usage
        take_back "$1"
        ;;
    esac
}

# On one line, so that the shell has read the whole script before it begins.
main "$@"; exit $?
