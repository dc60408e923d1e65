// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import static org.opdbus.verticles.inventory.ContainerPhase.DRIFTED;

import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDrift;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** Decides what the agent does when another program has changed something that the agent enrolled. */
public final class Drifts {
    /** The link has another name. */
    public static final String RENAMED = "renamed";
    /** The port is gone. */
    public static final String REMOVED = "removed";
    /** The port is on another bridge. */
    public static final String MOVED = "moved";
    /** The port has another access VLAN. */
    public static final String RETAGGED = "retagged";
    /** The port has lost the agent's marks. */
    public static final String UNMARKED = "unmarked";

    private final HostView view;
    private final boolean repair;

    /**
     * Creates the decision for this view.
     *
     * @param repair whether the agent undoes changes by other programs, or only reports them
     */
    public Drifts(HostView view, boolean repair) {
        this.view = view;
        this.repair = repair;
    }

    /** Returns the first reaction to a drift: publish it once, and rest after that if the agent only reports drifts. */
    Optional<Outcome> of(Enrollment enrollment, String what, Map<String, String> before, Map<String, String> after) {
        if (!view.enrollments().isDriftTold(enrollment, what + after)) {
            return Optional.of(
                    new Act(new RecordDrift(enrollment.container(), enrollment, what, before, after, repair)));
        }
        return repair
                ? Optional.empty()
                : Optional.of(new Rest(DRIFTED, "port " + enrollment.port() + " was " + what + " by another hand"));
    }

    /** Returns the reaction to the removal of an enrolment's port. */
    public Optional<Outcome> removed(Enrollment enrollment) {
        return of(enrollment, REMOVED, Map.of("port", enrollment.port(), "bridge", enrollment.bridge()), Map.of());
    }

    /** Returns the reaction to another name of an enrolment's link, and with it of its port. */
    Optional<Outcome> renamed(Enrollment enrollment, String before, String after) {
        return of(enrollment, RENAMED, Map.of("name", before), Map.of("name", after));
    }
}
