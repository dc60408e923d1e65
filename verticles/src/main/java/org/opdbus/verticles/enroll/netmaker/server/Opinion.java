// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import java.util.Set;

/** What a server says of a host and its nodes. */
public sealed interface Opinion {
    /**
     * The server takes the nodes for well.
     *
     * @param peers the public keys of the peers that it names to them
     */
    record Well(Set<String> peers) implements Opinion {
        public Well {
            peers = Set.copyOf(peers);
        }
    }

    /**
     * The server knows the nodes, and something is wrong with one of them.
     *
     * @param peers as above
     */
    record Doubted(String why, Set<String> peers) implements Opinion {
        public Doubted {
            peers = Set.copyOf(peers);
        }
    }

    /** The server says that it has no such host, or none of its nodes: an administrator deleted it there. */
    record Gone(String why) implements Opinion {}

    /** The server knows the host and has given it no node. */
    record Nodeless() implements Opinion {}

    /** The server did not answer, or its answer says nothing. */
    record Unheard() implements Opinion {}
}
