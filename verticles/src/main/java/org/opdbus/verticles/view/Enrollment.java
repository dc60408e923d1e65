// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;

/**
 * An enrolment that was recorded and has not ended: what we left behind, against which drift is seen.
 *
 * @param id the enrolment's id
 * @param index the link's index
 * @param port the port's name
 * @param bridge the bridge that the port was on
 * @param vlan the port's access VLAN
 * @param entry the height of the ledger entry that records it, once it is on disk
 */
public record Enrollment(
        ContainerId container,
        String id,
        int index,
        String port,
        String bridge,
        Optional<Integer> vlan,
        Optional<Long> entry) {
    private static final int NO_INDEX = 0;

    /** The enrolment that this fact began; its entry is not on disk yet. */
    public static Enrollment of(ContainerEnrolled fact) {
        return new Enrollment(
                fact.container(),
                fact.enrollment(),
                fact.index(),
                fact.link().value(),
                fact.bridge(),
                fact.vlan(),
                Optional.empty());
    }

    /** The same, recorded at this height. */
    public Enrollment at(long height) {
        return new Enrollment(container, id, index, port, bridge, vlan, Optional.of(height));
    }

    /**
     * The same enrolment as a run after a reboot knows it: the kernel has counted links anew, so that the index means
     * nothing any more and the enrolment is found by its id alone.
     */
    public Enrollment beforeReboot() {
        return new Enrollment(container, id, NO_INDEX, port, bridge, vlan, entry);
    }
}
