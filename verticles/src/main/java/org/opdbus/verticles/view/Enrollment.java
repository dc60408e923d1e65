// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.VlanTrunk;

/**
 * An enrolment that was recorded and has not ended: what we left behind, against which drift is seen.
 *
 * @param id the enrolment's id
 * @param index the link's index
 * @param port the port's name
 * @param bridge the bridge that the port was on
 * @param vlan the port's access VLAN
 * @param trunk what the port carried beside it
 * @param adopted whether another program made the port, so that only it may make the port again
 * @param entry the height of the ledger entry that records it, once it is on disk
 */
public record Enrollment(
        ContainerId container,
        String id,
        int index,
        String port,
        String bridge,
        Optional<Integer> vlan,
        Optional<VlanTrunk> trunk,
        boolean adopted,
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
                fact.trunk(),
                fact.maker().equals(Optional.of(PortMaker.OTHER)),
                Optional.empty());
    }

    /** Whether this fact began it, and it has been so since. */
    public boolean isOf(ContainerEnrolled fact) {
        Enrollment begun = of(fact);
        return begun.equals(new Enrollment(container, id, index, port, bridge, vlan, trunk, adopted, Optional.empty()));
    }

    /** The same, recorded at this height. */
    public Enrollment at(long height) {
        return new Enrollment(container, id, index, port, bridge, vlan, trunk, adopted, Optional.of(height));
    }

    /**
     * The same enrolment as a run after a reboot knows it: the kernel has counted links anew, so that the index means
     * nothing any more and the enrolment is found by its id alone.
     */
    public Enrollment beforeReboot() {
        return new Enrollment(container, id, NO_INDEX, port, bridge, vlan, trunk, adopted, entry);
    }
}
