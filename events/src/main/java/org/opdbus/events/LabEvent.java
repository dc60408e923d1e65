// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** A fact about a lab: a network of its own in a named network namespace, with an Open vSwitch, LANs and machines. */
public sealed interface LabEvent extends Event {
    /** Returns the name of the lab. */
    String lab();

    @Override
    default String subject() {
        return lab();
    }

    /** The namespace and the Open vSwitch of a lab are there, because a caller started it or the agent found it. */
    record LabStarted(String lab) implements LabEvent {}

    /** Nothing of a lab runs any more, and its namespace is gone. */
    record LabStopped(String lab) implements LabEvent {}

    /**
     * The definition of a lab was changed.
     *
     * @param change the command that makes the change, such as {@code add lan web1 0 lan01}
     */
    record LabChanged(String lab, String change) implements LabEvent {}

    /**
     * An endpoint is live on its LAN.
     *
     * @param endpoint the name of the port, such as {@code _k_1_0}
     * @param item the machine that it belongs to
     */
    record EndpointJoined(String lab, String endpoint, String item, String lan, int ofport) implements LabEvent {}

    /** An endpoint is no longer on its LAN. */
    record EndpointLeft(String lab, String endpoint, String item, String lan) implements LabEvent {}

    /**
     * An item, an endpoint or a LAN is not as the definition says, and the agent tries again.
     *
     * @param what the name of the item, the endpoint or the LAN
     * @param remedy what to do about it, or empty
     */
    record LabDegraded(String lab, String what, String reason, String remedy) implements LabEvent {}

    /** Everything of a lab is again as its definition says. */
    record LabRecovered(String lab) implements LabEvent {}
}
