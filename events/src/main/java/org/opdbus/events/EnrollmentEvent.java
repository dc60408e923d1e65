// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Port.VlanTrunk;

/** What the agent did, refused or found out about a container's link. */
public sealed interface EnrollmentEvent extends Event {
    /** Returns the container that the fact is about. */
    ContainerId container();

    @Override
    default String subject() {
        return container().value();
    }

    /** How a link got its name. */
    enum NamingMode {
        /** The link's own name. */
        RENAME,
        /** An alternative name of the link. */
        ALTNAME
    }

    /** Who made a port. The maker may remove it and make it again. */
    enum PortMaker {
        /** The agent made it. */
        AGENT,
        /** LXC, Proxmox or another program made it; the agent only set its marks on the port. */
        OTHER
    }

    /** The agent gave a container's link its name. */
    record LinkRenamed(ContainerId container, int index, LinkName from, LinkName to, NamingMode mode)
            implements EnrollmentEvent {}

    /**
     * The agent switched transmit checksum offload off on the container's end. A bridge of the
     * userspace datapath forwards unfinished checksums, so TCP and UDP would not work across it.
     *
     * @param link the host's end
     * @param inner the name of the container's end, in the container
     */
    record OffloadDisabled(ContainerId container, LinkName link, LinkName inner, String bridge)
            implements EnrollmentEvent {}

    /**
     * The agent set a static address, and a default route if one is configured, in the container's
     * namespace.
     */
    record AddressAssigned(ContainerId container, LinkName inner, String address, Optional<String> gateway)
            implements EnrollmentEvent {}

    /**
     * A container's link is a live port of a bridge.
     *
     * @param enrollment the id of this enrolment, also in the port's external_ids
     * @param trunk the VLANs that the port carries in addition to its access VLAN, if any
     * @param ofport the port's OpenFlow number when it was confirmed
     * @param maker who made the port, if that is known
     * @param recovered whether an earlier run of the agent did the work and this run only found it
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
     * @param message the reason
     * @param remedy what to do about it
     */
    record EnrollmentRefused(
            ContainerId container, Optional<LinkName> link, Refusal reason, String message, String remedy)
            implements EnrollmentEvent {}

    /**
     * An enrolled link no longer carries packets, although its container runs.
     *
     * @param enrollment the id of the enrolment that ended
     */
    record EnrollmentLost(ContainerId container, String enrollment, String port, String bridge, String reason)
            implements EnrollmentEvent {}

    /**
     * A port of ours no longer exists because its container or its link no longer exists.
     *
     * @param enrollment the id of the enrolment that ended
     * @param recovered whether it happened before the agent's start and was found at the start
     */
    record ContainerLeft(
            ContainerId container, String enrollment, String port, String bridge, String reason, boolean recovered)
            implements EnrollmentEvent {}

    /**
     * Another program or a person changed a port of ours.
     *
     * @param what {@code removed}, {@code moved}, {@code retagged}, {@code renamed} or {@code
     * unmarked}
     * @param before the attributes as the agent set them
     * @param after the attributes as the agent found them
     * @param repaired whether the agent repairs it; otherwise the agent only reports it
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
