// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Map;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** A step that publishes a fact about an enrolment after the handler has checked it. */
public sealed interface RecordStep extends PlannedStep {
    /** Publishes that the link is enrolled: the port is live. */
    record RecordEnrolled(ContainerEnrolled fact) implements RecordStep {
        @Override
        public ContainerId container() {
            return fact.container();
        }

        @Override
        public String about() {
            return fact.link().value();
        }

        @Override
        public Subject subject() {
            return Subject.link(fact.index());
        }

        @Override
        public boolean shows(HostView view) {
            return view.enrollments()
                    .of(container(), fact.index())
                    .filter(enrollment -> enrollment.isOf(fact))
                    .isPresent();
        }
    }

    /** A step after whose fact the enrolment of a port is not open any more. */
    sealed interface ClosingStep extends RecordStep {
        /** Returns the enrolment. */
        Enrollment enrollment();

        @Override
        default String about() {
            return enrollment().port();
        }

        @Override
        default boolean shows(HostView view) {
            return !view.enrollments().isOpen(container(), enrollment().id());
        }
    }

    /** Publishes that an enrolled link no longer carries packets, although its container runs. */
    record RecordLost(ContainerId container, Enrollment enrollment, String reason) implements ClosingStep {
        @Override
        public Subject subject() {
            return Subject.link(enrollment.index());
        }
    }

    /** Publishes that an enrolment has ended and that its port is already gone. */
    record RecordLeft(ContainerId container, Enrollment enrollment, String reason) implements ClosingStep {
        @Override
        public Subject subject() {
            return Subject.enrollment(enrollment.id());
        }
    }

    /** Publishes that the enrolment of a link which is to be attached to nothing has ended: its port is gone already. */
    record RecordDetached(ContainerId container, Enrollment enrollment) implements ClosingStep {
        @Override
        public Subject subject() {
            return Subject.link(enrollment.index());
        }
    }

    /** Publishes that another program changed what the agent had set. */
    record RecordDrift(
            ContainerId container,
            Enrollment enrollment,
            String what,
            Map<String, String> before,
            Map<String, String> after,
            boolean repair)
            implements RecordStep {
        public RecordDrift {
            before = Map.copyOf(before);
            after = Map.copyOf(after);
        }

        @Override
        public String about() {
            return enrollment.port();
        }

        @Override
        public Subject subject() {
            return Subject.link(enrollment.index());
        }

        @Override
        public boolean shows(HostView view) {
            return !view.enrollments().isOpen(container, enrollment.id())
                    || view.enrollments().isDriftTold(enrollment, what + after);
        }
    }
}
