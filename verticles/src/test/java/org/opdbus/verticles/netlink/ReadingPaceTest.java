// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Destination;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Gone;
import org.opdbus.verticles.kernel.netlink.LinkMessage.NamespaceForgotten;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Present;

class ReadingPaceTest {
    private static final int OF_A_CONTAINER = 3;
    private static final int OF_A_STRANGER = 4;
    private static final LinkMessage STRANGER = into(OF_A_STRANGER);

    private final ContainerNamespaces namespaces = new ContainerNamespaces();
    private final ReadingPace pace = new ReadingPace(namespaces::concernedBy);
    private long nowMs = 1_000_000;

    ReadingPaceTest() {
        namespaces.resolved(new NamespaceResolved(new ContainerId("100"), 42, OF_A_CONTAINER, 1));
    }

    private static LinkMessage into(int namespace) {
        return new Present(
                new Link(5, new LinkName("a"), List.of(), "veth", Optional.empty(), 2, namespace, 0, true, true));
    }

    /** Returns the pause, in milliseconds, after messages that come this long after the last ones. */
    private long pauseAfter(long laterMs, LinkMessage... messages) {
        nowMs += laterMs;
        return pace.after(List.of(messages), Duration.ofMillis(nowMs).toNanos()).toMillis();
    }

    @Test
    void the_pauses_grow_while_strangers_links_keep_coming() {
        assertThat(List.of(
                        pauseAfter(1, STRANGER),
                        pauseAfter(5, STRANGER),
                        pauseAfter(5, STRANGER),
                        pauseAfter(5, STRANGER),
                        pauseAfter(5, STRANGER),
                        pauseAfter(5, STRANGER)))
                .containsExactly(2L, 4L, 8L, 16L, 32L, 32L);
    }

    @Test
    void after_a_rest_the_pauses_are_short_again() {
        pauseAfter(1, STRANGER);
        pauseAfter(5, STRANGER);

        assertThat(pauseAfter(ReadingPace.REST_MS + 1, STRANGER)).isEqualTo(ReadingPace.FIRST_MS);
    }

    @Test
    void there_is_no_pause_after_a_containers_link() {
        pauseAfter(1, STRANGER);

        assertThat(pauseAfter(5, STRANGER, into(OF_A_CONTAINER))).isZero();
        assertThat(pauseAfter(5, new Gone(5, Optional.of(new Destination(OF_A_CONTAINER, 2)))))
                .isZero();
        assertThat(pauseAfter(5, STRANGER)).isEqualTo(ReadingPace.FIRST_MS);
    }

    @Test
    void a_namespace_that_has_ended_is_no_containers() {
        namespaces.heard(new NamespaceForgotten(OF_A_CONTAINER));

        assertThat(pauseAfter(1, into(OF_A_CONTAINER))).isEqualTo(ReadingPace.FIRST_MS);
    }

    @Test
    void there_is_no_pause_if_nothing_was_read() {
        assertThat(pauseAfter(1)).isZero();
    }
}
