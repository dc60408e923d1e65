// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Locale;

/**
 * What identifies a workload on this host: the name of a container as LXC and Proxmox know it ({@code 100}, {@code web-1}), or a
 * kind with an id of that kind ({@code docker:3f2ab1c9d0e1}, {@code podman:…}, {@code vm:101}).
 *
 * <p>Any name that can be a folder of {@code lxc.path} is accepted, because LXC accepts it; a state file is stricter.
 */
public record ContainerId(String value) implements Comparable<ContainerId> {
    /** The kinds of workloads. */
    public enum Kind {
        LXC(""),
        DOCKER("docker:"),
        PODMAN("podman:"),
        VM("vm:");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** Returns the id of a workload of this kind. */
        public ContainerId id(String own) {
            return new ContainerId(prefix + own);
        }

        /** Returns whether a workload of this kind can have this id. A folder of LXC called {@code docker:x} is no container. */
        public boolean isId(String own) {
            return !own.isEmpty() && isValid(prefix + own) && id(own).kind() == this;
        }

        /** Returns its name in files and commands: {@code docker}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns whether containers of this kind are Docker's or Podman's. */
        public boolean isEngine() {
            return this == DOCKER || this == PODMAN;
        }
    }

    public ContainerId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a container id: \"" + value + "\"");
        }
    }

    /** Returns whether this text can be the id of a workload. */
    public static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= 255
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c < ' ');
    }

    /** Returns the kind of the workload. */
    public Kind kind() {
        // Asked for at every check of a container; most are LXC's.
        if (value.indexOf(':') > 0) {
            for (Kind kind : Kind.values()) {
                if (kind != Kind.LXC && value.startsWith(kind.prefix)) {
                    return kind;
                }
            }
        }
        return Kind.LXC;
    }

    /** Returns the id without the kind: {@code 3f2ab1c9d0e1}. */
    public String own() {
        return value.substring(kind().prefix.length());
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
