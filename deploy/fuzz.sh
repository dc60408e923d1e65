#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes every parser that reads what others write, one after the other, guided by coverage (Jazzer):
#
#   deploy/fuzz.sh MINUTES [NAME]
#
#   MINUTES  how long each takes; 0.1 is six seconds
#   NAME     only tests whose class and method contain this, such as Wire or LedgerFuzzTest.line
#
# What is found is written beside the test's other inputs in src/test/resources, where every later `mvn verify` tries it
# again; the inputs that reach new code stay in target/fuzz and are where the next run goes on. Ends with 1 if anything
# was found. Needs Java and Maven, no root.
set -eu

[ $# -ge 1 ] || {
    sed -n '3,14s/^# \{0,1\}//p' "$0"
    exit 2
}
seconds=$(awk -v minutes="$1" 'BEGIN { print int(minutes * 60) }')
wanted=${2:-}
root=$(dirname "$(readlink -f "$0")")/..
cd "$root"

mvn -B -ntp -q -pl verticles -am test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
classpath=ledger/target/test-classes:verticles/target/test-classes:verticles/target/classes:$(cat verticles/target/test-classpath)

found=0
for file in $(grep -rl --include='*FuzzTest.java' '@FuzzTest' ledger/src verticles/src | sort); do
    module=${file%%/*}
    class=${file#*/java/}
    class=${class%.java}
    for method in $(awk '/@FuzzTest/ { getline; sub(/\(.*/, ""); print $NF }' "$file"); do
        name=${class##*/}.$method
        case $name in *"$wanted"*) ;; *) continue ;; esac
        inputs=$module/src/test/resources/${class}Inputs/$method
        corpus=target/fuzz/$name
        mkdir -p "$inputs" "$corpus"
        before=$(find "$inputs" -name 'crash-*' -o -name 'timeout-*' -o -name 'oom-*' | wc -l)
        # The time limit of one input tells a parser that hangs from one that is slow on a busy machine.
        java -Xmx1g -cp "$classpath" com.code_intelligence.jazzer.Jazzer \
            --target_class="$(echo "$class" | tr / .)" --target_method="$method" \
            --instrumentation_includes='org.opdbus.**' --reproducer_path="$corpus" \
            -artifact_prefix="$inputs/" -max_total_time="$seconds" -max_len=4096 -timeout=60 -rss_limit_mb=4096 \
            "$corpus" "$inputs" >"$corpus.log" 2>&1 || true
        after=$(find "$inputs" -name 'crash-*' -o -name 'timeout-*' -o -name 'oom-*' | wc -l)
        if [ "$after" -gt "$before" ]; then
            found=1
            echo "$name: found something: see $inputs and $corpus.log"
        else
            grep -aE '^(Done|#[0-9]+.*DONE)' "$corpus.log" | tr '\n' ' ' | sed "s/^/$name: /"
            echo
            grep -qa '^Done' "$corpus.log" || { found=1; echo "$name: did not run: see $corpus.log"; }
        fi
    done
done
exit $found
