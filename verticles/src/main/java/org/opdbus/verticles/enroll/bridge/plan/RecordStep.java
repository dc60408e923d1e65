// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Map;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** What is told of an enrolment, after making sure of it. */
public sealed interface RecordStep extends PlannedStep {
    /** Says that the link is enrolled: the port is live. */
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

    /** Says that a link that was enrolled carries packets no more, although its container runs. */
    record RecordLost(ContainerId container, Enrollment enrollment, String reason) implements RecordStep {
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
            return !view.enrollments().isOpen(container, enrollment.id());
        }
    }

    /** Says that an enrolment ended while the agent did not look. */
    record RecordLeft(ContainerId container, Enrollment enrollment, String reason) implements RecordStep {
        @Override
        public String about() {
            return enrollment.port();
        }

        @Override
        public Subject subject() {
            return Subject.enrollment(enrollment.id());
        }

        @Override
        public boolean shows(HostView view) {
            return !view.enrollments().isOpen(container, enrollment.id());
        }
    }

    /** Says that another hand changed what we left, after making sure of it. */
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
