// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;
import java.util.Optional;

/** What the agent did, refused or found out about a container's link. */
public sealed interface EnrollmentEvent extends Event {
    /** The container that this is about. */
    ContainerId container();

    @Override
    default String subject() {
        return container().value();
    }

    /** How a link came to its name. */
    enum NamingMode {
        /** The link has the name. */
        RENAME,
        /** The link has the name as an alternative one. */
        ALTNAME
    }

    /** Who made a port: who made it may remove it and make it again. */
    enum PortMaker {
        /** The agent. */
        AGENT,
        /** LXC, Proxmox or another program; the agent only put its marks on the port. */
        OTHER
    }

    /** The agent gave a container's link its name. */
    record LinkRenamed(ContainerId container, int index, LinkName from, LinkName to, NamingMode mode)
            implements EnrollmentEvent {}

    /**
     * Transmit checksum offload was switched off on the container's end, because a bridge of the userspace datapath hands
     * on unfinished checksums and TCP and UDP do not work across it otherwise.
     *
     * @param link the host's end
     * @param inner the name of the container's end, in the container
     */
    record OffloadDisabled(ContainerId container, LinkName link, LinkName inner, String bridge)
            implements EnrollmentEvent {}

    /** A static address, and perhaps a default route, was set in the container's namespace. */
    record AddressAssigned(ContainerId container, LinkName inner, String address, Optional<String> gateway)
            implements EnrollmentEvent {}

    /**
     * A container's link is a live port of a bridge.
     *
     * @param enrollment the id of this enrolment, also in the port's external_ids
     * @param trunk what the port carries beside its access VLAN, if anything
     * @param ofport the port's OpenFlow number when it was confirmed
     * @param maker who made the port, if that is known
     * @param recovered whether an earlier run of the agent did the work and this one found it done
     */
    record ContainerEnrolled(
            ContainerId container,
            String enrollment,
            LinkName link,
            int index,
            String bridge,
            Optional<Integer> vlan,
            Optional<VlanTrunk> trunk,
            Optional<String> mac,
            int ofport,
            Optional<PortMaker> maker,
            boolean recovered)
            implements EnrollmentEvent {}

    /**
     * A container's link was not enrolled.
     *
     * @param link the link, if there is one
     * @param message what stands in the way
     * @param remedy what to do about it
     */
    record EnrollmentRefused(
            ContainerId container, Optional<LinkName> link, Refusal reason, String message, String remedy)
            implements EnrollmentEvent {}

    /**
     * A link that was enrolled carries packets no more, although its container runs.
     *
     * @param enrollment the id of the enrolment that ended
     */
    record EnrollmentLost(ContainerId container, String enrollment, String port, String bridge, String reason)
            implements EnrollmentEvent {}

    /**
     * A port of ours is gone because its container, or its link, is.
     *
     * @param enrollment the id of the enrolment that ended
     * @param recovered whether this was found at the agent's start, and happened before it
     */
    record ContainerLeft(
            ContainerId container, String enrollment, String port, String bridge, String reason, boolean recovered)
            implements EnrollmentEvent {}

    /**
     * Another hand changed a port of ours.
     *
     * @param what {@code removed}, {@code moved}, {@code retagged}, {@code renamed} or {@code unmarked}
     * @param before the attributes as we left them
     * @param after the attributes as they were found
     * @param repaired whether the agent is putting it right; otherwise it only reports
     */
    record DriftSeen(
            ContainerId container,
            String port,
            String what,
            Map<String, String> before,
            Map<String, String> after,
            boolean repaired)
            implements EnrollmentEvent {
        public DriftSeen {
            before = Map.copyOf(before);
            after = Map.copyOf(after);
        }
    }
}
