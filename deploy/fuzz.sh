#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes every parser that reads what others write, guided by coverage (Jazzer):
#
#   deploy/fuzz.sh [--all-at-once] MINUTES [NAME]
#
#   --all-at-once  all of them beside each other, so that all together take MINUTES; without it one after the other
#   MINUTES        how long each takes; 0.1 is six seconds
#   NAME           only tests whose class and method contain this, such as Wire or LedgerFuzzTest.line
#
# What is found is written beside the test's other inputs in src/test/resources, where every later `mvn verify` tries it
# again; the inputs that reach new code stay in target/fuzz and are where the next run goes on. Ends with 1 if anything
# was found. Needs Java and Maven, no root.
set -eu

beside=
if [ "${1:-}" = --all-at-once ]; then
    beside=yes
    shift
fi
[ $# -ge 1 ] || {
    sed -n '3,15s/^# \{0,1\}//p' "$0"
    exit 2
}
seconds=$(awk -v minutes="$1" 'BEGIN { print int(minutes * 60) }')
# Jazzer takes 0 seconds for no limit.
[ "$seconds" -ge 1 ] || {
    echo "$0: MINUTES must be a number, and at least one second: 0.1 is six seconds" >&2
    exit 2
}
wanted=${2:-}
root=$(dirname "$(readlink -f "$0")")/..
cd "$root"

mvn -B -ntp -q -pl verticles -am test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test
classpath=ledger/target/test-classes:verticles/target/test-classes:verticles/target/classes:$(cat verticles/target/test-classpath)

# Prints MODULE CLASS METHOD for each of them.
tests() {
    for file in $(grep -rl --include='*FuzzTest.java' '@FuzzTest' ledger/src verticles/src | sort); do
        class=${file#*/java/}
        class=${class%.java}
        for method in $(awk '/@FuzzTest/ { getline; sub(/\(.*/, ""); print $NF }' "$file"); do
            case ${class##*/}.$method in *"$wanted"*) echo "${file%%/*} $class $method" ;; esac
        done
    done
}

findings() {
    find "$1" -name 'crash-*' -o -name 'timeout-*' -o -name 'oom-*' | wc -l
}

# Fuzzes one; fails if anything was found, or if it did not run.
fuzz() {
    module=$1
    class=$2
    method=$3
    name=${class##*/}.$method
    inputs=$module/src/test/resources/${class}Inputs/$method
    corpus=target/fuzz/$name
    mkdir -p "$inputs" "$corpus"
    before=$(findings "$inputs")
    # The time limit of one input tells a parser that hangs from one that is slow on a busy machine.
    java -Xmx512m -XX:+UseSerialGC -cp "$classpath" com.code_intelligence.jazzer.Jazzer \
        --target_class="$(echo "$class" | tr / .)" --target_method="$method" \
        --instrumentation_includes='org.opdbus.**' --reproducer_path="$corpus" \
        -artifact_prefix="$inputs/" -max_total_time="$seconds" -max_len=4096 -timeout=120 -rss_limit_mb=4096 \
        "$corpus" "$inputs" >"$corpus.log" 2>&1 || true
    if [ "$(findings "$inputs")" -gt "$before" ]; then
        echo "$name: found something: see $inputs and $corpus.log"
        return 1
    fi
    if ! grep -qa '^Done' "$corpus.log"; then
        echo "$name: did not run: see $corpus.log"
        return 1
    fi
    echo "$name: $(grep -aE '^(Done|#[0-9]+.*DONE)' "$corpus.log" | tr '\n' ' ')"
}

found=0
started=0
running=()
while read -r module class method; do
    started=$((started + 1))
    if [ -n "$beside" ]; then
        fuzz "$module" "$class" "$method" </dev/null &
        running+=($!)
    else
        fuzz "$module" "$class" "$method" </dev/null || found=1
    fi
done < <(tests)
for each in ${running[@]+"${running[@]}"}; do
    wait "$each" || found=1
done
[ "$started" -gt 0 ] || {
    echo "$0: no fuzz test has $wanted in its name" >&2
    exit 2
}
exit $found
