# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Functions by which a script ends the laboratory (enter) that it has started in the background. They work at any moment, also
# while the laboratory still begins. A script sources this file.
#
# LXC's monitors and Docker remove the control groups of their containers when these end. They are killed with the laboratory and
# have no time to. So the control groups of a laboratory are in one that has the name of its stage, the script's temporary folder.

# Kills a laboratory with everything in it, and waits until it has ended: PID. Does nothing if PID is empty.
end_scene() {
    [ -n "$1" ] || return 0
    scene_first=$(cat "/proc/$1/task/$1/children" 2>/dev/null || true)
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    # The first process of the laboratory, a child of unshare(1), is killed with unshare, and is a zombie or gone only when every
    # other process of its namespace is gone (pid_namespaces(7)).
    scene_tries=100
    for scene_process in $scene_first; do
        while grep -q '^State:.[^XZ]' "/proc/$scene_process/status" 2>/dev/null && [ "$scene_tries" -gt 0 ]; do
            sleep 0.1
            scene_tries=$((scene_tries - 1))
        done
    done
}

# Removes a stage and the control groups that have its name, which no process may use any more: STAGE. Does nothing if STAGE is
# empty. A control group can be removed a moment after its last process has ended.
remove_stage() {
    [ -n "$1" ] || return 0
    scene_name=$(basename "$1")
    scene_tries=50
    while [ -n "$(find /sys/fs/cgroup -type d -name "$scene_name" 2>/dev/null)" ]; do
        if [ "$scene_tries" -eq 0 ]; then
            echo "$0: cannot remove the control groups $scene_name" >&2
            break
        fi
        find /sys/fs/cgroup -depth -type d \( -name "$scene_name" -o -path "*/$scene_name/*" \) -exec rmdir {} + 2>/dev/null ||
            sleep 0.1
        scene_tries=$((scene_tries - 1))
    done
    rm -rf "$1"
}
