#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Measures the ledger beside the bare disk and the bare hash: ./deploy/bench-ledger.sh [DIRECTORY]
# The directory (default: ledger/target) must be on the disk that is to be measured, and not in memory.
set -eu

cd "$(dirname "$0")/.."
mvn -q -pl ledger -am test-compile
mvn -q -pl ledger dependency:build-classpath -Dmdep.outputFile=target/classpath -Dmdep.includeScope=runtime
exec java -cp "ledger/target/test-classes:ledger/target/classes:$(cat ledger/target/classpath)" \
    org.opdbus.ledger.LedgerBench "${1:-ledger/target}"
