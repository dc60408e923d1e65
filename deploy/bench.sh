#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Measures the agent beside what one would run instead: ./deploy/bench.sh [quick] [FILE]
# Measures what a cluster costs and how late its hosts hear of each other: ./deploy/bench.sh cluster [HOSTS]
#
# Builds the program, makes its archive of classes, and runs everything in a laboratory of its own (see lab/enter): a private
# Open vSwitch, real containers, the real agent. Prints a table; everything measured goes to FILE (default:
# agent/target/bench.json), a picture of it beside. Takes some fifteen minutes; with `quick` one or two, and then no figure
# is fit to be shown around.
# It is not part of the package: it needs Open vSwitch to itself, and compares with programs that a host need not have.
set -eu

root=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
need_root "makes network namespaces and containers"
hosts=
if [ "${1:-}" = cluster ]; then
    hosts=${2:-3}
    run_packages="$run_packages python3"
    set --
fi
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages
cd "$root"

quick=
if [ "${1:-}" = quick ]; then
    quick=quick
    shift
fi
file=${1:-agent/target/bench.json}

find_jdk
mvn -q -pl agent -am package -DskipTests dependency:build-classpath \
    -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test
agent/target/op-dbus/bin/archive-classes
if [ -n "$hosts" ]; then
    exec deploy/lab/bin/java -cp "agent/target/test-classes:$(cat agent/target/classpath)" \
        org.opdbus.agent.ClusterBench agent/target/op-dbus/bin/op-dbus "$hosts"
fi
exec deploy/lab/bin/java -cp "agent/target/test-classes:$(cat agent/target/classpath)" \
    org.opdbus.agent.HostBench agent/target/op-dbus/bin/op-dbus "$file" $quick
