#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Measures the agent beside what one would run instead: ./deploy/bench.sh [quick] [PART...] [FILE]
# Measures what a cluster costs and how late its hosts hear of each other: ./deploy/bench.sh cluster [HOSTS]
# Measures one agent in a cluster of many hosts, which one program plays: ./deploy/bench.sh growth HOSTS [MEMBERS | nats]
#
# Builds the program, makes its archive of classes, and runs everything in a laboratory of its own (see lab/enter): a private
# Open vSwitch, real containers, the real agent. Prints a table; everything measured goes to FILE (default:
# agent/target/bench.json), a picture of it beside. Takes some twenty minutes; with `quick` one or two, and then no figure
# is fit to be shown around. PART is one or more of these; all but `scale` if none is named:
#   start       start until READY, and `op-dbus query`
#   dbus        what D-Bus costs, and how late its callers hear
#   fuse        reading the host as files, 1,000 ports of it, beside the same files on tmpfs
#   restart     memory after 1,000 enrolments, a minute of idleness, restarts with 1,000 ports
#   link        one link, with 0, 100, 400 and 1,000 other ports present
#   storm       10, 50, 200 and 1,000 links at once
#   stream      one link beside 20 clients of the stream, 500 ports, 100 changes a second
#   containers  50 containers at once
#   lxc         one container, beside one that LXC attaches itself
#   strangers   other programs' links, and 20,000 unix sockets of theirs
#   introspect  the description of a network of 500 links
#   capture     100,000 frames a second, beside `tcpdump -w`
#   scale       1,000 containers and 2,000 ports, or as many as start in ten minutes and leave 1.5 GB of memory, beside a
#               tenth of both
# `quick` alone leaves `restart`, `stream`, `introspect` and `capture` out, too.
# `growth` plays HOSTS hosts in one process, which takes part as MEMBERS real members (1 if not given), or through three
# nats-servers; some four minutes.
# It is not part of the package: it needs Open vSwitch to itself, and compares with programs that a host need not have.
set -eu

root=$(dirname "$(readlink -f "$0")")/..
hosts=
members=
what=
file=
if [ "${1:-}" = growth ]; then
    hosts=${2:-}
    members=${3:-1}
    case $hosts/$members in
        -h/* | --help/*) set -- --help ;;
        [1-9]*/nats | [1-9]*/[1-9]*) set -- ;;
        *) hosts=wrong ;;
    esac
    case $hosts/${members#nats} in
        -h/* | --help/*) ;;
        *[!0-9/]*)
            echo "$0: growth needs a number of hosts to play, and takes a number of members, or nats" >&2
            exit 2
            ;;
    esac
elif [ "${1:-}" = cluster ]; then
    hosts=${2:-3}
    case $hosts in
        -h | --help) set -- --help ;;
        *[!0-9]*)
            echo "$0: HOSTS is a whole number, not $hosts" >&2
            exit 2
            ;;
        *) set -- ;;
    esac
fi
for word; do
    case $word in
        quick | start | dbus | fuse | restart | link | storm | stream | containers | lxc | strangers | introspect | capture | scale)
            what="$what $word"
            ;;
        -h | --help)
            sed -n '4,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
            exit
            ;;
        -*)
            echo "$0: there is no option $word; see --help" >&2
            exit 2
            ;;
        *) file=$(readlink -m "$word") ;;
    esac
done

# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
# shellcheck source=deploy/bench-folder.sh
. "$root/deploy/bench-folder.sh"
need_root "makes network namespaces and containers"
[ "$members" != nats ] || run_packages="$run_packages nats-server"
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages
cd "$root"

find_jdk
mvn -q -pl agent -am package -DskipTests dependency:build-classpath \
    -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test
agent/target/op-dbus/bin/archive-classes

# The laboratory's temporary folder: on the disk, which is measured too, and removed however the run ends.
make_work_folder "${TMPDIR:-/tmp}"
run_java() {
    run_command deploy/lab/enter --tmp "$work" java -XX:-UsePerfData -Dop-dbus.program="$PWD/agent/target/op-dbus/bin/op-dbus" \
        -cp "agent/target/test-classes:$(cat agent/target/classpath)" "$@"
}
if [ -n "$members" ]; then
    # In memory: many ledgers on one disk would measure the disk.
    run_command deploy/lab/enter --own-tmp java -XX:-UsePerfData -Dop-dbus.program="$PWD/agent/target/op-dbus/bin/op-dbus" \
        -cp "agent/target/test-classes:$(cat agent/target/classpath)" \
        org.opdbus.agent.GrowthBench agent/target/op-dbus/bin/op-dbus "$hosts" "$members"
    exit
fi
if [ -n "$hosts" ]; then
    run_java org.opdbus.agent.ClusterBench agent/target/op-dbus/bin/op-dbus "$hosts"
    exit
fi
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
run_java org.opdbus.agent.HostBench agent/target/op-dbus/bin/op-dbus /tmp/bench.json $what
file=${file:-agent/target/bench.json}
cp "$work/bench.json" "$file"
cp "$work/bench.svg" "${file%.json}.svg"
