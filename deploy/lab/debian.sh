# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes root file systems of Debian for tests that boot one. To be sourced after tell.sh and ../packages.sh.

# Makes a Debian in a folder, from this machine's own apt sources: FOLDER LOG PACKAGE... An old one stays until the new one is
# whole. The name "java" stands for the package of a Java runtime.
make_debian() {
    target=$1
    log=$2
    shift 2
    # shellcheck disable=SC2016
    source=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(SITE)' 'Created-By: Packages' |
        sed -n 's/^Debian \([a-z]*\) /\1 /p' | sort -u | head -n 1)
    [ -n "$source" ] || refuse "finds no Debian among the apt sources of this machine"
    suite=${source% *}
    mirror=${source#* }
    # Debian 12 has Java 17, Debian 13 has 21.
    java=openjdk-17-jre-headless
    [ "$suite" = bookworm ] || java=default-jre-headless
    packages=$(echo "$@" | tr ' ' '\n' | sed "s/^java\$/$java/" | paste -sd,)
    mkdir -p "$(dirname "$target")"
    rm -rf --one-file-system "$target.new"
    debootstrap --variant=minbase --include="$packages" "$suite" "$target.new" "$mirror" >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; fail "debootstrap $suite $mirror"; }
    rm -rf --one-file-system "$target"
    mv "$target.new" "$target"
}

# Whether a Debian is there and has these packages: FOLDER PACKAGE... The list of packages may have grown since it was made.
has_every_package() {
    target=$1
    shift
    [ -d "$target" ] || return 1
    for each; do
        [ "$each" != java ] || continue
        status=$(dpkg-query --admindir="$target/var/lib/dpkg" -W -f '${db:Status-Status}' "$each" 2>/dev/null) || true
        [ "$status" = installed ] || return 1
    done
}
