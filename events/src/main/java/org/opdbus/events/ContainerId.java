// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/**
 * The name of a container, as LXC and Proxmox know it: {@code 100}, {@code web-1}.
 *
 * <p>Any name that can be a folder of {@code lxc.path} is accepted, because LXC accepts it; a state file is stricter.
 */
public record ContainerId(String value) implements Comparable<ContainerId> {
    public ContainerId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a container id: \"" + value + "\"");
        }
    }

    /** Returns whether this text can be the name of a container. */
    public static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= 255
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c < ' ');
    }

    @Override
    public int compareTo(ContainerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
