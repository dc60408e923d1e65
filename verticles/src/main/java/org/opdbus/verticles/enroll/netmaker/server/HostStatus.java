// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import java.util.Set;

/** What a server says about a host and its nodes. */
public sealed interface HostStatus {
    /**
     * The server takes the nodes for healthy.
     *
     * @param peers the public keys of the peers that it names to them
     */
    record Healthy(Set<String> peers) implements HostStatus {
        public Healthy {
            peers = Set.copyOf(peers);
        }
    }

    /**
     * The server knows the nodes, and something is wrong with one of them.
     *
     * @param peers as above
     */
    record Unhealthy(String why, Set<String> peers) implements HostStatus {
        public Unhealthy {
            peers = Set.copyOf(peers);
        }
    }

    /** The server says that it has no such host, or none of its nodes: an administrator deleted it there. */
    record Deleted(String why) implements HostStatus {}

    /** The server knows the host and has given it no node. */
    record WithoutNode() implements HostStatus {}

    /** The server did not answer, or its answer says nothing. */
    record NoAnswer() implements HostStatus {}
}
