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
 * Decides when the agent may put back a port that another program has removed. Many programs (Proxmox, libvirt, Incus,
 * NetworkManager) change the port of a running guest by removing it and adding it again. If the agent put the port back in
 * between, their second step would fail.
 *
 * <p>If the agent does not decide a link's own name, the program that made the link finds it by this name. If that program
 * also made the port, the agent leaves it to that program to make the port again.
 */
final class RepairRule {
    private final QuietTimes quiet;

    RepairRule(QuietTimes quiet) {
        this.quiet = quiet;
    }

    /** Returns the reason to leave the link without a port for now; empty if there is none. */
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
