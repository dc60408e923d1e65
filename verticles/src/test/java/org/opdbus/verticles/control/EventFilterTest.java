// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;

class EventFilterTest {
    private static final EventFilter WEB = new EventFilter(Set.of(), Set.of("web"));

    private static Workload container(String own, String name) {
        return new EngineContainer(Kind.DOCKER.id(own), name, "nginx:1", "none", Asked.NOTHING);
    }

    @Test
    void a_name_selects_every_later_event_of_the_container_that_has_it() {
        EventFilter now = WEB.knowing(new ContainerStarted(container("aaaaaaaaaaaa", "web"), 7));
        assertThat(now.accepts("container.enrolled", "docker:aaaaaaaaaaaa")).isTrue();
        assertThat(now.knowing(new ContainerStarted(container("bbbbbbbbbbbb", "shop"), 7)))
                .isSameAs(now);
        assertThat(now.accepts("container.enrolled", "docker:bbbbbbbbbbbb")).isFalse();
        assertThat(now.accepts("container.enrolled", "web")).isTrue();
    }

    @Test
    void a_filter_of_every_subject_stays_one() {
        EventFilter all = new EventFilter(Set.of("container.*"), Set.of());
        assertThat(all.knowing("docker:aaaaaaaaaaaa", "web")).isSameAs(all);
        assertThat(all.accepts("container.enrolled", "docker:bbbbbbbbbbbb")).isTrue();
    }

    @Test
    void a_recorded_event_tells_a_name_too() {
        Map<String, Object> data = new ContainerStarted(container("aaaaaaaaaaaa", "web"), 7).data();
        assertThat(WEB.knowing("docker:aaaaaaaaaaaa", data).subjects()).contains("docker:aaaaaaaaaaaa");
        assertThat(WEB.knowing("100", Map.of("container", "100"))).isSameAs(WEB);
        assertThat(WEB.knowing("100", Map.of("container", Map.of("id", "100")))).isSameAs(WEB);
    }

    @Test
    void containers_without_end_under_one_name_do_not_make_the_filter_grow_without_end() {
        EventFilter now = WEB;
        for (int i = 0; i < 5_000; i++) {
            now = now.knowing("docker:" + i, "web");
        }
        assertThat(now.subjects()).hasSizeLessThan(2_000).contains("web", "docker:0");
    }

    @Test
    void what_was_heard_before_a_caller_came_is_known_until_it_is_removed() {
        WorkloadNames names = new WorkloadNames();
        names.hear(new ContainerDefined(container("aaaaaaaaaaaa", "web")));
        assertThat(names.in(WEB).subjects()).contains("docker:aaaaaaaaaaaa");
        names.hear(new ContainerDefined(container("aaaaaaaaaaaa", "shop")));
        assertThat(names.in(WEB)).isEqualTo(WEB);
        names.hear(new ContainerDefined(container("aaaaaaaaaaaa", "web")));
        names.hear(new ContainerRemoved(container("aaaaaaaaaaaa", "web")));
        assertThat(names.in(WEB)).isEqualTo(WEB);
    }
}
