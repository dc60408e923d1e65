# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs what op-dbus needs on a Debian machine to be built, tried and tested. To be sourced; see quickstart.sh and
# verify.sh.

# The lists are used by the scripts that source this file.
# shellcheck disable=SC2034
{
    # What building and the quickstart need, beside a JDK and Maven.
    run_packages="openvswitch-switch lxc busybox-static iproute2 ethtool netcat-openbsd jq ca-certificates"

    # What the tests need beyond that; Python only to check a ledger by a program that shares nothing with ours
    # (docs/verify-ledger.py), systemd only as the init of a test's container; libglib2.0-bin has gdbus.
    test_packages="iputils-ping wireguard-go wireguard-tools dbus python3 uidmap procps e2fsprogs systemd"
    test_packages="$test_packages polkitd libglib2.0-bin"
    test_packages="$test_packages inotify-tools jq rsync shellcheck nftables"
    # The way out of a lab.
    test_packages="$test_packages slirp4netns"
    # A test logs in, in several ways, to confirm the move of an uplink.
    test_packages="$test_packages openssh-server openssh-client tmux sudo"
    # Labs run virtual machines.
    test_packages="$test_packages qemu-system-x86"
    # The engines whose containers the agent attaches; each with the runtime that Debian gives it.
    test_packages="$test_packages docker.io podman crun runc"
    # A cluster may use the message system NATS.
    test_packages="$test_packages nats-server"
    # A real browser shows the page.
    test_packages="$test_packages chromium chromium-driver"
    # Certificates for the server of the page.
    test_packages="$test_packages openssl"
    # A program of its own reads the captures, and compiles their filters.
    test_packages="$test_packages tcpdump"

    # What labs-test.sh needs beside the first list: a disk of a virtual machine that boots by itself, which is a PC, Docker, and
    # programs that read captures.
    lab_packages="docker.io qemu-system-x86 qemu-utils syslinux mtools tcpdump tshark iputils-ping procps python3"
}

# Prints a message and ends the program with 2: it could not run.
refuse() {
    echo "$0: $*" >&2
    exit 2
}

need_root() {
    [ "$(id -u)" -eq 0 ] || refuse "must be run as root: it $1 (try: sudo $0)"
}

# Installs what is missing of the packages, of a JDK of 17 or later and of Maven. If nothing is missing, it changes
# nothing and needs no network. Prints one line if it has something to do.
install_packages() {
    missing=
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
        installed) ;;
        *) missing="$missing $package" ;;
        esac
    done
    # On Debian 12 the default JDK is 17, on Debian 13 it is 21.
    find_jdk || missing="$missing default-jdk-headless"
    command -v mvn >/dev/null || missing="$missing maven"
    [ -n "$missing" ] || return 0

    command -v apt-get >/dev/null || refuse "needs$missing, and this is no Debian: install them by hand"
    echo "Installing$missing"
    log=$(mktemp)
    # The list is meant to fall apart into words.
    # shellcheck disable=SC2086
    if ! apt_install $missing >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        refuse "could not install$missing"
    fi
    rm -f "$log"
    find_jdk || refuse "needs a JDK of 17 or later, and this Debian's is older: Debian 12 is the oldest that will do"
}

# Puts the folder of a JDK of 17 or later into JAVA_HOME, for Maven; fails if there is none.
find_jdk() {
    for jdk in "${JAVA_HOME:-}" "$(jdk_on_path)" /usr/lib/jvm/*; do
        if [ -n "$jdk" ] && [ -x "$jdk/bin/javac" ] && [ "$(jdk_version "$jdk")" -ge 17 ]; then
            JAVA_HOME=$jdk
            export JAVA_HOME
            return 0
        fi
    done
    return 1
}

jdk_on_path() {
    javac=$(command -v javac) || return 0
    javac=$(readlink -f "$javac")
    echo "${javac%/bin/javac}"
}

jdk_version() {
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null) || true
    echo "${version:-0}"
}

# Installs packages without a question, and without starting a service: what is tried and tested here brings its own
# Open vSwitch, and a machine without an init could not start one.
apt_install() (
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        # The traps end the subshell, and its end removes the file.
        trap 'rm -f "$policy"' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        write_policy "$policy"
    fi
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt-get update -q || return
    apt-get install -q -y --no-install-recommends "$@"
)

# See invoke-rc.d(8): 101 forbids the action. Services that are there already are not held up.
write_policy() {
    cat >"$1" <<'POLICY'
#!/bin/sh
case " $* " in
*" openvswitch"* | *" ovs"* | *" lxc"* | *" dbus"* | *" polkit"* | *" ssh"* | *" docker"* | *" podman"* | \
    *" containerd"*) exit 101 ;;
esac
POLICY
    chmod 755 "$1"
}
