// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** A fact about the agent itself. */
public sealed interface AgentEvent extends Event {
    /** A component that tells the agent about the host. */
    enum Source {
        NETLINK,
        OVSDB,
        LXC
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
