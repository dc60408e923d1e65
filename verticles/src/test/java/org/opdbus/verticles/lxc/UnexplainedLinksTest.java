// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Workload.LxcContainer;

class UnexplainedLinksTest {
    private static final ContainerId A = new ContainerId("a");
    private static final LxcContainer CONTAINER_A = new LxcContainer(A, "/p");

    private final UnexplainedLinks links = new UnexplainedLinks();

    @Test
    void a_link_into_an_unknown_namespace_is_unexplained_once() {
        assertThat(seen(link(3, 7))).isTrue();
        assertThat(seen(link(4, 8))).isFalse();
        assertThat(links.take()).isTrue();
        assertThat(links.take()).isFalse();
        assertThat(seen(link(5, 7))).isTrue();
    }

    @Test
    void a_link_that_leads_nowhere_or_where_it_led_before_says_nothing() {
        assertThat(seen(link(3, Link.NO_NAMESPACE))).isFalse();
        assertThat(links.seen(Optional.of(link(3, 7)), link(3, 7))).isFalse();
        assertThat(links.take()).isFalse();

        assertThat(links.seen(Optional.of(link(3, Link.NO_NAMESPACE)), link(3, 7)))
                .isTrue();
        links.take();
        assertThat(links.seen(Optional.of(link(3, 7)), link(3, 8))).isTrue();
    }

    @Test
    void a_link_is_explained_by_a_container_whose_namespace_is_known_before_or_soon_after() {
        assertThat(seen(link(3, 7))).isTrue();
        links.started(new ContainerStarted(CONTAINER_A, 99));
        links.resolved(new NamespaceResolved(A, 99, 7, 1));
        assertThat(links.take()).isFalse();
        assertThat(seen(link(4, 7))).isFalse();
    }

    @Test
    void a_container_that_has_stopped_explains_nothing() {
        links.started(new ContainerStarted(CONTAINER_A, 99));
        links.resolved(new NamespaceResolved(A, 99, 7, 1));
        links.stopped(new ContainerStopped(CONTAINER_A, "gone"));
        links.resolved(new NamespaceResolved(A, 99, 7, 2));
        assertThat(seen(link(3, 7))).isTrue();
        assertThat(links.take()).isTrue();
    }

    @Test
    void a_storm_is_unexplained_without_being_remembered_whole() {
        for (int namespace = 0; namespace < 5_000; namespace++) {
            assertThat(seen(link(3 + namespace, namespace))).isEqualTo(namespace == 0);
        }
        links.started(new ContainerStarted(CONTAINER_A, 99));
        links.resolved(new NamespaceResolved(A, 99, 7, 1));
        assertThat(links.take()).isTrue();
    }

    private boolean seen(Link link) {
        return links.seen(Optional.empty(), link);
    }

    static Link link(int index, int namespace) {
        return new Link(
                index, new LinkName("v" + index), List.of(), "veth", Optional.empty(), 2, namespace, 0, true, true);
    }
}
