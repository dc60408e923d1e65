// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Port.VlanTrunk;

/**
 * An enrolment that was recorded and has not ended: the state that the agent left, against which drift is detected.
 *
 * @param id the enrolment's id
 * @param index the link's index
 * @param port the port's name
 * @param bridge the port's bridge
 * @param vlan the port's access VLAN
 * @param trunk the VLANs that the port carries in addition
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

    /** Returns the enrolment that this fact began; its entry is not on disk yet. */
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

    /** Returns whether this fact began it, and it is unchanged since. */
    public boolean isOf(ContainerEnrolled fact) {
        Enrollment begun = of(fact);
        return begun.equals(new Enrollment(container, id, index, port, bridge, vlan, trunk, adopted, Optional.empty()));
    }

    /** Returns the same enrolment, recorded at this height. */
    public Enrollment at(long height) {
        return new Enrollment(container, id, index, port, bridge, vlan, trunk, adopted, Optional.of(height));
    }

    /**
     * Returns the same enrolment as a run after a reboot knows it: the kernel numbers links again after a boot, so
     * the index is no longer valid and the enrolment is found by its id alone.
     */
    public Enrollment beforeReboot() {
        return new Enrollment(container, id, NO_INDEX, port, bridge, vlan, trunk, adopted, entry);
    }
}
