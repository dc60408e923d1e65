// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;

/**
 * A fact about this host that is already true.
 *
 * <p>Events are immutable, so threads can share them. {@link #data()} is the part that leaves the
 * process: the ledger, the tails and the control socket show exactly that.
 */
public sealed interface Event
        permits AgentEvent,
                AnswerEvent,
                CallerEvent,
                ClusterEvent,
                ContainerEvent,
                EnrollmentEvent,
                LedgerEvent,
                LinkEvent,
                MeshEvent,
                PortEvent,
                ProxmoxEvent,
                StateEvent,
                UplinkEvent,
                LabEvent {
    /**
     * Returns what the fact is about: a container id, a link or port name, the name of a source, or a requested operation.
     */
    String subject();

    /**
     * Returns whether the ledger keeps this fact. It keeps what the agent did, refused or found out
     * about a container, and who asked for a change. It does not keep facts that only concern the kernel or Open vSwitch,
     * because any program could fill the disk with them.
     */
    default boolean recorded() {
        return true;
    }

    /**
     * Whether this fact is told outside the picture of the host: to the ledger, the log, the tails and other hosts. Only {@link
     * AnswerEvent}s are not.
     */
    default boolean told() {
        return true;
    }

    /** Returns this event's name, such as {@code container.enrolled}. */
    default String kind() {
        return Address.of(this).kind();
    }

    /** Returns the record's components by name, as JSON types only. Absent values are left out. */
    default Map<String, Object> data() {
        return EventData.of(this);
    }
}
