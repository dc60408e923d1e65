// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.LinkName;

/** Which enrolments this run of the agent knows, so that finding the port of another one is a recovery. */
class EnrollmentsTest {
    private static final ContainerId CONTAINER = new ContainerId("100");
    private static final int LINK = 10;
    private static final long INIT = 4711;

    private final Enrollments enrollments = new Enrollments(1, List.of());

    @Test
    void an_enrolment_that_was_begun_is_known_until_it_ends() {
        String id = enrollments.next(CONTAINER, LINK, INIT);
        assertThat(enrollments.isKnown(CONTAINER, id)).isTrue();

        enrollments.apply(enrolled(id));
        assertThat(enrollments.isKnown(CONTAINER, id)).isTrue();

        enrollments.apply(left(id));
        assertThat(enrollments.isKnown(CONTAINER, id)).isFalse();
    }

    @Test
    void an_ended_enrolment_is_a_recovery_even_long_after_its_container_has_stopped() {
        String id = enrollments.next(CONTAINER, LINK, INIT);
        enrollments.apply(enrolled(id));
        enrollments.apply(left(id));
        enrollments.forget(CONTAINER);

        assertThat(enrollments.isKnown(CONTAINER, id)).isFalse();
    }

    @Test
    void an_enrolment_that_another_one_has_replaced_is_a_recovery() {
        String first = enrollments.next(CONTAINER, LINK, INIT);
        enrollments.apply(enrolled(first));
        String second = enrollments.next(CONTAINER, LINK, INIT);
        enrollments.apply(enrolled(second));

        assertThat(second).isNotEqualTo(first);
        assertThat(enrollments.isKnown(CONTAINER, first)).isFalse();
        assertThat(enrollments.isKnown(CONTAINER, second)).isTrue();
    }

    private static ContainerEnrolled enrolled(String id) {
        return new ContainerEnrolled(
                CONTAINER,
                id,
                new LinkName("vi100"),
                LINK,
                "vmbr0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                Optional.of(PortMaker.AGENT),
                false);
    }

    private static ContainerLeft left(String id) {
        return new ContainerLeft(CONTAINER, id, "vi100", "vmbr0", "container stopped", false);
    }
}
