// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.Refusal;

/** What one look at a container has shown of it and its mesh. */
sealed interface Seen {
    /** How well a node is. */
    enum Health {
        /** Its interface is up and has its address, and somebody answers, or there is nobody else. */
        HEALTHY,
        /** Nobody has answered for long. */
        SILENT,
        /** Its server does not take it for well. */
        DOUBTED,
        /** Its interface is not up or lacks its address. */
        WITHOUT_INTERFACE
    }

    /**
     * It has a node.
     *
     * @param why what is not well; empty if all is
     */
    record InMesh(String server, String hostId, String link, List<MeshNode> nodes, Health health, String why)
            implements Seen {
        public InMesh {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * It is registered, and has no node yet.
     *
     * @param justNow whether this look registered it
     * @param pending whether the server says that somebody has to approve it first
     */
    record Registered(String server, boolean justNow, boolean pending) implements Seen {
        Registered(String server, boolean justNow) {
            this(server, justNow, false);
        }
    }

    /**
     * It could not join, and time may help.
     *
     * @param remedy what would help; empty if only time does
     * @param fleeting whether this is usual for a moment after a start, and worth telling only if it lasts
     */
    record NotYet(String why, String remedy, boolean fleeting) implements Seen {}

    /**
     * It cannot join as long as nobody changes anything.
     *
     * @param token what it was refused with; with the same one it is not tried again
     */
    record Refused(Refusal reason, String message, String remedy, Optional<EnrollmentToken> token) implements Seen {}

    /** It ended while it was looked at. */
    record Ended() implements Seen {}
}
