#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Measures the agent beside what one would run instead: ./deploy/bench.sh [quick] [PART...] [FILE]
# Measures what a cluster costs and how late its hosts hear of each other: ./deploy/bench.sh cluster [HOSTS]
#
# Builds the program, makes its archive of classes, and runs everything in a laboratory of its own (see lab/enter): a private
# Open vSwitch, real containers, the real agent. Prints a table; everything measured goes to FILE (default:
# agent/target/bench.json), a picture of it beside. Takes some twenty minutes; with `quick` one or two, and then no figure
# is fit to be shown around. PART is one or more of these; all but `scale` if none is named:
#   start       start until READY, and `op-dbus query`
#   restart     memory after 1,000 enrolments, a minute of idleness, restarts with 1,000 ports
#   link        one link, with 0, 100, 400 and 1,000 other ports present
#   storm       10, 50, 200 and 1,000 links at once
#   containers  50 containers at once
#   lxc         one container, beside one that LXC attaches itself
#   strangers   other programs' links, and 20,000 unix sockets of theirs
#   scale       1,000 containers and 2,000 ports, or as many as start in ten minutes and leave 1.5 GB of memory, beside a
#               tenth of both
# `quick` alone leaves `restart` out, too.
# It is not part of the package: it needs Open vSwitch to itself, and compares with programs that a host need not have.
set -eu

root=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
need_root "makes network namespaces and containers"
hosts=
if [ "${1:-}" = cluster ]; then
    hosts=${2:-3}
    set --
fi
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages
cd "$root"

what=
file=agent/target/bench.json
for word; do
    case $word in
        quick | start | restart | link | storm | containers | lxc | strangers | scale) what="$what $word" ;;
        -h | --help)
            sed -n '4,/^set/s/^# \{0,1\}//p' "$0"
            exit
            ;;
        -*)
            echo "$0: there is no option $word; see --help" >&2
            exit 2
            ;;
        *) file=$word ;;
    esac
done

find_jdk
mvn -q -pl agent -am package -DskipTests dependency:build-classpath \
    -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test
agent/target/op-dbus/bin/archive-classes
if [ -n "$hosts" ]; then
    exec deploy/lab/enter java -XX:-UsePerfData -cp "agent/target/test-classes:$(cat agent/target/classpath)" \
        org.opdbus.agent.ClusterBench agent/target/op-dbus/bin/op-dbus "$hosts"
fi
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
exec deploy/lab/enter java -XX:-UsePerfData -cp "agent/target/test-classes:$(cat agent/target/classpath)" \
    org.opdbus.agent.HostBench agent/target/op-dbus/bin/op-dbus "$file" $what
