// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** A fact about the agent itself. */
public sealed interface AgentEvent extends Event {
    /** A component that tells the agent about the host. */
    enum Source {
        NETLINK(true),
        OVSDB(true),
        LXC(true),
        /** Docker; not every host has it. */
        DOCKER(false),
        /** Podman; not every host has it. */
        PODMAN(false),
        /** Virtual machines; not every host has them. */
        VM(false);

        private final boolean everywhere;

        Source(boolean everywhere) {
            this.everywhere = everywhere;
        }

        /** Returns whether every host has it, so that an agent is ready only when it has listed. */
        public boolean isEverywhere() {
            return everywhere;
        }

        /** Returns the source that tells of workloads of this kind. */
        public static Source of(ContainerId.Kind kind) {
            return switch (kind) {
                case LXC -> LXC;
                case DOCKER -> DOCKER;
                case PODMAN -> PODMAN;
                case VM -> VM;
            };
        }
    }

    /**
     * The agent has opened its ledger and begins to listen.
     *
     * @param boot the kernel's id of this boot of the host
     */
    record AgentStarted(String host, String version, String boot) implements AgentEvent {
        @Override
        public String subject() {
            return host;
        }
    }

    /** The agent received the request to stop; the ports stay. */
    record AgentStopping(String host, String reason) implements AgentEvent {
        @Override
        public String subject() {
            return host;
        }
    }

    /**
     * A source has published everything that exists. From now on it publishes changes.
     *
     * @param count how many things it listed
     */
    record SourceListed(Source source, int count) implements AgentEvent {
        @Override
        public String subject() {
            return source.name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public boolean recorded() {
            return false;
        }
    }

    /**
     * A source cannot see the host for now. Its last facts may be out of date until it has listed
     * again.
     */
    record SourceLost(Source source, String reason) implements AgentEvent {
        @Override
        public String subject() {
            return source.name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public boolean recorded() {
            return false;
        }
    }
}
