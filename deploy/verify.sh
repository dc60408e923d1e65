#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs every test, on a Debian machine that may have nothing yet: installs what is missing, then `mvn verify`.
#
# The tests need root, because they make real links, switches and containers; each test class does so in namespaces of
# its own, so nothing of the host's is changed. Arguments are handed on to Maven.
#
# A test that fails is tried once more, because a run of an hour on a busy machine should not be lost to one of 2,700 tests. A
# test that passes only then has a defect: the last lines name it. More than two of them in a module are a failure.
set -eu

root=$(dirname "$(readlink -f "$0")")/..
# shellcheck source=deploy/packages.sh
. "$root/deploy/packages.sh"

need_root "makes network namespaces and installs packages"
# The lists are meant to fall apart into words.
# shellcheck disable=SC2086
install_packages $run_packages $test_packages
cd "$root"
# The tests have no network with which they could download the kernel of their virtual machines.
deploy/lab/machine-image >/dev/null
status=0
mvn -B -ntp verify -Dsurefire.rerunFailingTestsCount=1 -Dfailsafe.rerunFailingTestsCount=1 \
    -Dsurefire.failOnFlakeCount=3 -Dfailsafe.failOnFlakeCount=3 "$@" || status=$?
find . -path '*/target/*-reports/TEST-*.xml' -exec grep -l '<flaky' {} + | while IFS= read -r report; do
    echo "passed only at the second try, which is a defect of the test or of the program: ${report##*/TEST-}"
done
exit "$status"
