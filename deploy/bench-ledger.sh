#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Measures the ledger beside the bare disk and the bare hash: ./deploy/bench-ledger.sh [DIRECTORY [appends|verify|open]]
# The directory (default: ledger/target) must be on the disk to measure, and not in memory.
# Takes some five minutes, a GiB of that disk, and says how busy the machine was.
set -eu

case ${1:-} in
    -h | --help)
        sed -n '4,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
        exit
        ;;
esac
cd "$(dirname "$0")/.."
# shellcheck source=deploy/bench-folder.sh
. deploy/bench-folder.sh
mvn -q -pl ledger -am test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/classpath -Dmdep.includeScope=runtime
directory=${1:-ledger/target}
[ $# -eq 0 ] || shift
make_work_folder "$directory"
run_command java -cp "ledger/target/test-classes:ledger/target/classes:$(cat ledger/target/classpath)" \
    org.opdbus.ledger.LedgerBench "$work" "$@"
