#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs every test, on a Debian machine that may have nothing yet: installs what is missing, then `mvn verify`.
#
# The tests need root, because they make real links, switches and containers; each test class does so in namespaces of
# its own, so nothing of the host's is changed. Arguments are handed on to Maven.
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
exec mvn -B -ntp verify "$@"
