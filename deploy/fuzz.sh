#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes every parser that reads what others write, guided by coverage (Jazzer):
#
#   deploy/fuzz.sh [--at-once N] MINUTES [NAME]
#
#   --at-once N  how many run beside each other, each in a Java of half a gigabyte (default: three a processor, eight at
#                the most)
#   MINUTES      how long each takes; 0.1 is six seconds
#   NAME         only tests whose class and method contain this, such as Wire or LedgerFuzzTest.line
#
# Prints a line as each of them ends. An input that makes a parser fail is printed and written beside the test's other
# inputs in src/test/resources, where every later `mvn verify` tries it again; the inputs that reach new code stay in
# target/fuzz, and the next run begins with them. Ends with 1 if anything was found. Needs Java and Maven, no root.
set -eu

usage() {
    sed -n '4,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit "$1"
}

refuse() {
    echo "$0: $*" >&2
    exit 2
}

at_once=$((3 * $(nproc)))
[ "$at_once" -le 8 ] || at_once=8
case ${1:-} in
    -h | --help) usage 0 ;;
    --at-once)
        at_once=${2:-}
        case $at_once in '' | *[!0-9]* | 0) refuse "--at-once needs a whole number from 1 on" ;; esac
        shift 2
        ;;
    -*) refuse "there is no option $1; see --help" ;;
esac
[ $# -ge 1 ] || usage 2
seconds=$(awk -v minutes="$1" 'BEGIN { print int(minutes * 60) }')
# Jazzer takes 0 seconds for no limit.
[ "$seconds" -ge 1 ] || refuse "MINUTES must be a number, and at least one second: 0.1 is six seconds"
wanted=${2:-}
cd "$(dirname "$(readlink -f "$0")")/.."

# What Java and Jazzer unpack goes into a folder that this script removes.
temporary=$(mktemp -d)
declare -A names=() inputs=() known=()

# Ends what still runs. It does not get Ctrl-C itself: a shell has its background commands ignore that.
end() {
    status=$?
    trap '' INT TERM HUP
    children=$(jobs -pr)
    if [ -n "$children" ]; then
        # The list is meant to fall apart into words.
        # shellcheck disable=SC2086
        kill -TERM $children 2>/dev/null || true
        wait || true
    fi
    rm -rf "$temporary"
    exit "$status"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

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
    find "$1" -name 'crash-*' -o -name 'timeout-*' -o -name 'oom-*' | sort
}

# Starts to fuzz one. timeout(1) hands SIGTERM on, and kills a Java that has not ended ten seconds later; by itself it only
# ends one that hangs long after its time.
start() {
    name=${2##*/}.$3
    folder=$1/src/test/resources/${2}Inputs/$3
    corpus=target/fuzz/$name
    mkdir -p "$folder" "$corpus"
    found_before=$(findings "$folder")
    # The time limit of one input tells a parser that hangs from one that is slow on a busy machine.
    timeout --kill-after=10 $((seconds + 600)) \
        "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx512m -XX:+UseSerialGC -XX:-UsePerfData -Djava.io.tmpdir="$temporary" -cp "$classpath" \
        com.code_intelligence.jazzer.Jazzer --target_class="$(echo "$2" | tr / .)" --target_method="$3" \
        --instrumentation_includes='org.opdbus.**' --reproducer_path="$corpus" \
        -artifact_prefix="$folder/" -max_total_time="$seconds" -max_len=4096 -timeout=120 -report_slow_units=120 \
        -rss_limit_mb=4096 \
        "$corpus" "$folder" </dev/null >"$corpus.log" 2>&1 &
    names[$!]=$name
    inputs[$!]=$folder
    known[$!]=$found_before
}

# Waits until one of them ends and prints how.
await() {
    wait -n -p ended || true
    ended_count=$((ended_count + 1))
    name=${names[$ended]}
    log=target/fuzz/$name.log
    new=$(comm -13 <(echo "${known[$ended]}") <(findings "${inputs[$ended]}"))
    unset "names[$ended]"
    printf '%d of %d: %s: ' "$ended_count" "$total" "$name"
    if [ -n "$new" ]; then
        found=1
        echo "FOUND SOMETHING, see $log"
        for file in $new; do
            echo "    $file, in base64: $(base64 -w 0 "$file")"
        done
    elif ! grep -qa '^Done' "$log"; then
        found=1
        echo "DID NOT RUN TO ITS END, see $log; its last lines:"
        tail -n 5 "$log" | sed 's/^/    /'
    else
        grep -aE '^Done' "$log"
    fi
}

# Maven is not in the foreground either: the shell acts on a signal only after a command in the foreground has ended.
mvn -B -ntp -q -Dstyle.color=never -pl verticles -am test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/test-classpath -Dmdep.includeScope=test &
wait $!
classpath=ledger/target/test-classes:verticles/target/test-classes:verticles/target/classes:$(cat verticles/target/test-classpath)

found=0
ended_count=0
list=$(tests)
[ -n "$list" ] || refuse "no fuzz test has $wanted in its name"
total=$(echo "$list" | wc -l)
echo "Fuzz tests: $total, each takes $seconds s, $at_once at once"
while read -r module class method; do
    [ "${#names[@]}" -lt "$at_once" ] || await
    start "$module" "$class" "$method"
done <<<"$list"
while [ "${#names[@]}" -gt 0 ]; do
    await
done
exit $found
