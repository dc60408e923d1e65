// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge;

import io.reactivex.rxjava3.core.Completable;
import java.util.function.Consumer;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.Event;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDetached;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDrift;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordEnrolled;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordLeft;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordLost;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** Publishes the results of enrolments, after a second look where the view can be too old. Confined to one context. */
final class RecordHandler {
    private final Consumer<Event> facts;
    private final HostView view;
    private final SecondLook secondLook;

    RecordHandler(Consumer<Event> facts, HostView view, SecondLook secondLook) {
        this.facts = facts;
        this.view = view;
        this.secondLook = secondLook;
    }

    Completable enrolled(RecordEnrolled step) {
        return Completable.fromAction(() -> facts.accept(step.fact()));
    }

    Completable lost(RecordLost step) {
        Enrollment enrollment = step.enrollment();
        return Completable.fromAction(() -> facts.accept(new EnrollmentLost(
                step.container(), enrollment.id(), enrollment.port(), enrollment.bridge(), step.reason())));
    }

    Completable left(RecordLeft step) {
        return secondLook.ifHolds(
                secondLook.bearsOut(step),
                step,
                Completable.fromAction(() -> publishLeft(step.enrollment(), step.reason())));
    }

    Completable detached(RecordDetached step) {
        return secondLook.ifHolds(
                secondLook.bearsOut(step),
                step,
                Completable.fromAction(() -> publishLeft(step.enrollment(), PortHandler.DETACHED)));
    }

    private void publishLeft(Enrollment enrollment, String reason) {
        if (view.enrollments().isOpen(enrollment.container(), enrollment.id())) {
            facts.accept(new ContainerLeft(
                    enrollment.container(),
                    enrollment.id(),
                    enrollment.port(),
                    enrollment.bridge(),
                    reason,
                    !view.enrollments().isKnown(enrollment.container(), enrollment.id())));
        }
    }

    Completable drift(RecordDrift step) {
        return secondLook.ifHolds(
                secondLook.bearsOut(step),
                step,
                Completable.fromAction(() -> facts.accept(new DriftSeen(
                        step.container(),
                        step.enrollment().port(),
                        step.what(),
                        step.before(),
                        step.after(),
                        step.repair()))));
    }
}
