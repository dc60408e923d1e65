#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Attacks a real agent in all local ways at once while containers start and stop: ./deploy/soak-attack.sh [MINUTES]
#
# Default: 30 minutes. Builds the program, makes its archive of classes, and runs everything in a laboratory of its own (see
# lab/enter). Fails if the agent ends, a start fails, more than 150 MB are resident, or the slowest hundredth of the
# enrolments takes more than three times as long as beside the same agent when nothing attacks it. -Dseed= replays the
# random bytes: JAVA_OPTS=-Dseed=1. ATTACKS=http,bytes takes some of the attacks only.
set -eu

minutes=${1:-30}
case $minutes in
    -h | --help)
        sed -n '4,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
        exit
        ;;
    '' | *[!0-9]*)
        echo "$0: MINUTES is a whole number, not $minutes" >&2
        exit 2
        ;;
esac
root=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"
need_root "makes network namespaces and containers"
# The list is meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages
cd "$root"

find_jdk
mvn -q -pl agent -am package -DskipTests dependency:build-classpath \
    -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test
agent/target/op-dbus/bin/archive-classes
# The options are meant to fall apart into words.
# shellcheck disable=SC2086
exec deploy/lab/bin/java ${JAVA_OPTS:-} "-Dattacks=${ATTACKS:-http,nonnet,control,bytes,guests}" \
    "-Dop-dbus.program=$PWD/agent/target/op-dbus/bin/op-dbus" \
    -cp "agent/target/test-classes:$(cat agent/target/classpath)" org.opdbus.agent.AttackSoak "$minutes"
