// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.Optional;
import org.opdbus.events.ContainerId;

/**
 * What there is of a container beside its configuration.
 *
 * @param phase how its enrolment stands
 * @param why what it waits for or why it is refused, with what to do about it; else empty
 * @param veth the name of its first link on this host, if it has one: that which it should have, if the link answers to it
 * @param bridge the bridge that the link is a port of; empty for none
 * @param vlan the access VLAN of the port
 */
public record LiveContainer(
        ContainerId id,
        Phase phase,
        boolean running,
        String why,
        Optional<String> veth,
        String bridge,
        Optional<Long> vlan) {
    /** How an enrolment stands. */
    public enum Phase {
        /** The container does not run, and nothing of it is left on a bridge. */
        AT_REST,
        /** Something is being done, or waited for. */
        UNDER_WAY,
        /** It is as it is wanted. */
        ENROLLED,
        /** It cannot be as it is wanted until somebody does something. */
        REFUSED,
        /** Nobody wants it enrolled. */
        LEFT_ALONE
    }
}
