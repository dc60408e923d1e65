// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import static org.opdbus.verticles.inventory.ContainerPhase.DRIFTED;
import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.Optional;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;

/**
 * When a port may be put back that another hand has removed. Many programs (Proxmox, libvirt, Incus, NetworkManager) change
 * the port of a running guest by removing it and adding it again; a port that the agent puts back in between makes their
 * second step fail.
 *
 * <p>A link whose own name the agent does not give is found by name by the program that made it. If that program made the
 * port, too, only it makes the port again.
 */
final class RepairRule {
    private final QuietTimes quiet;

    RepairRule(QuietTimes quiet) {
        this.quiet = quiet;
    }

    /** Why the link is to be left without a port for now; empty if nothing speaks against one. */
    Optional<Outcome> restraint(LinkSubject subject, Optional<Enrollment> enrollment) {
        if (subject.isNamedByOthers() && enrollment.filter(Enrollment::adopted).isPresent()) {
            return Optional.of(new Rest(
                    DRIFTED,
                    "port " + enrollment.get().port()
                            + " was made and removed by another program, which may make it again;"
                            + " the agent does not, and enrols the port when it is back"));
        }
        return quiet.holds(subject.portName())
                ? Optional.of(new Rest(
                        WAITING,
                        "port " + subject.portName() + " was just removed by another program, which may make it again"))
                : Optional.empty();
    }
}
