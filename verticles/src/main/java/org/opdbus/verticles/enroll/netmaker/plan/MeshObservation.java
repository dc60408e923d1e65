// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;

/** What one check of a container observed of it and its mesh. */
public sealed interface MeshObservation {
    /** How well a node is. */
    public enum Health {
        /** Its interface is up and has its address, and no peer that could answer is silent. */
        HEALTHY,
        /** No peer has answered for long, although the server still names one that has answered before. */
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
     * @param remedy what the user has to do about it; empty if the agent repairs it or time may help
     */
    public record InMesh(
            String server, String hostId, String link, List<MeshNode> nodes, Health health, String why, String remedy)
            implements MeshObservation {
        public InMesh {
            nodes = List.copyOf(nodes);
        }
    }

    /** This check registered it. */
    public record Registered(String server) implements MeshObservation {}

    /**
     * It was registered before, and has no node yet.
     *
     * @param what what it waits for
     * @param remedy what the user has to do; empty as long as time may help
     * @param late what the user has to do if it still waits when its time is over
     */
    public record AwaitingNode(String server, String what, String remedy, String late) implements MeshObservation {}

    /** Its server says that it has its host, or its nodes, no more. */
    public record DeletedOnServer(String server, String why) implements MeshObservation {}

    /**
     * It could not join, and time may help.
     *
     * @param remedy what would help; empty if only time does
     * @param fleeting whether this is usual for a moment after a start, and worth telling only if it lasts
     * @param tried whether netclient's join was run
     */
    public record NotYet(String why, String remedy, boolean fleeting, boolean tried) implements MeshObservation {
        /** The container was not ready for a join. */
        public NotYet(String why, String remedy, boolean fleeting) {
            this(why, remedy, fleeting, false);
        }
    }

    /**
     * It cannot join as long as nothing is changed.
     *
     * @param token what it was refused with; with the same token it is not tried again
     * @param tried whether netclient's join was run
     */
    public record Refused(Refusal reason, String message, String remedy, Optional<EnrollmentToken> token, boolean tried)
            implements MeshObservation {
        /** Refused before netclient was run. */
        public Refused(Refusal reason, String message, String remedy) {
            this(reason, message, remedy, Optional.empty(), false);
        }

        /** Returns this refusal as one that is still valid; netclient was not run again. */
        Refused again() {
            return new Refused(reason, message, remedy, token, false);
        }
    }

    /** It ended during the check. */
    public record ContainerEnded() implements MeshObservation {}
}
