#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Measures the agent beside what one would run instead: ./deploy/bench.sh [quick] [PART...] [FILE]
#
# Builds the program, makes its archive of classes, and runs everything in a laboratory of its own (see lab/enter): a private
# Open vSwitch, real containers, the real agent. Prints a table; everything measured goes to FILE (default:
# agent/target/bench.json), a picture of it beside. Takes some fifteen minutes; with `quick` one or two, and then no figure
# is fit to be shown around. With PARTs, of `start link storm containers restart`, these only.
# It is not part of the package: it needs Open vSwitch to itself, and compares with programs that a host need not have.
set -eu

root=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
need_root "makes network namespaces and containers"
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages
cd "$root"

what=
while :; do
    case ${1:-} in
        quick | start | link | storm | containers | restart) what="$what $1" ;;
        *) break ;;
    esac
    shift
done
file=${1:-agent/target/bench.json}

find_jdk
mvn -q -pl agent -am package -DskipTests dependency:build-classpath \
    -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test
agent/target/op-dbus/bin/archive-classes
# shellcheck disable=SC2086
exec deploy/lab/bin/java -cp "agent/target/test-classes:$(cat agent/target/classpath)" \
    org.opdbus.agent.HostBench agent/target/op-dbus/bin/op-dbus "$file" $what
