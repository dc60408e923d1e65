// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;

/**
 * A fact about this host that is already true.
 *
 * <p>Events are immutable and may be shared between threads. {@link #data()} is what leaves the process: the ledger, the
 * tails and the control socket show exactly that.
 */
public sealed interface Event
        permits AgentEvent,
                ClusterEvent,
                ContainerEvent,
                EnrollmentEvent,
                LedgerEvent,
                LinkEvent,
                MeshEvent,
                PortEvent,
                ProxmoxEvent,
                StateEvent {
    /** What the fact is about: a container id, a link or port name, or the name of a source. */
    String subject();

    /**
     * Whether the ledger keeps this fact. What the agent did, refused or found out about a container is kept; what merely
     * passes by in the kernel or in Open vSwitch is not, because strangers could fill the disk with it.
     */
    default boolean recorded() {
        return true;
    }

    /** This event's name, such as {@code container.enrolled}. */
    default String kind() {
        return Address.of(this).kind();
    }

    /** The record's components by name, made of JSON's types only; absent values are left out. */
    default Map<String, Object> data() {
        return EventData.of(this);
    }
}
