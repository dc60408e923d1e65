// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.Optional;
import org.opdbus.events.ContainerId;

/**
 * The live state of a container, without its configuration.
 *
 * @param id what the state file calls it
 * @param subject its id on this host, which facts about it have
 * @param phase the phase of its enrolment
 * @param why what it waits for or why it is refused, with what to do about it; otherwise empty
 * @param veth the name of its first link on this host, if it has one: its wanted name, if the link has that name or
 * alternative name
 * @param bridge the bridge that the link is a port of; empty for none
 * @param vlan the access VLAN of the port
 */
public record LiveContainer(
        ContainerId id,
        ContainerId subject,
        Phase phase,
        boolean running,
        String why,
        Optional<String> veth,
        String bridge,
        Optional<Long> vlan) {
    /** The phase of an enrolment. */
    public enum Phase {
        /** The container does not run, and its links are gone from the bridges. */
        AT_REST,
        /** The agent is working on it, or waits. */
        UNDER_WAY,
        /** The enrolment matches. */
        ENROLLED,
        /** The enrolment cannot match until a person changes something. */
        REFUSED,
        /** The container must not be enrolled. */
        LEFT_ALONE
    }
}
