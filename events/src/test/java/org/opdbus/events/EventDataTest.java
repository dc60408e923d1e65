// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;

class EventDataTest {
    private static final ContainerId WEB = new ContainerId("web");

    @Test
    void components_become_json_types_and_absent_ones_are_left_out() {
        EnrollmentRefused refused =
                new EnrollmentRefused(WEB, Optional.empty(), Refusal.NO_SUCH_BRIDGE, "there is no bridge", "make one");

        assertThat(refused.data())
                .isEqualTo(Map.of(
                        "container", "web",
                        "reason", "no-such-bridge",
                        "message", "there is no bridge",
                        "remedy", "make one"));
        assertThat(refused.kind()).isEqualTo("enrollment.refused");
        assertThat(refused.subject()).isEqualTo("web");
        assertThat(refused.recorded()).isTrue();
    }

    @Test
    void records_within_records_become_objects() {
        ContainerStarted started = new ContainerStarted(new LxcContainer(WEB, "/var/lib/lxc"), 7);

        assertThat(started.data())
                .isEqualTo(Map.of("container", Map.of("id", "web", "lxcPath", "/var/lib/lxc"), "initPid", 7L));
    }

    @Test
    void a_container_of_an_engine_says_what_its_labels_ask_for_if_they_ask_for_anything() {
        ContainerId id = ContainerId.Kind.DOCKER.id("3f2ab1c9d0e1");
        EngineContainer plain = new EngineContainer(id, "web", "nginx:1", "bridge", Asked.NOTHING);
        assertThat(new ContainerStarted(plain, 7).data())
                .isEqualTo(Map.of(
                        "container",
                        Map.of("id", "docker:3f2ab1c9d0e1", "name", "web", "image", "nginx:1", "network", "bridge"),
                        "initPid",
                        7L));

        Asked vlan = new Asked(
                Optional.empty(),
                Optional.of(12),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        EngineContainer asking = new EngineContainer(id, "web", "nginx:1", "none", vlan);
        assertThat(new ContainerStarted(asking, 7).data())
                .extractingByKey("container", InstanceOfAssertFactories.MAP)
                .containsEntry("asked", Map.of("vlan", 12, "faults", List.of()));
    }

    @Test
    void a_committed_entry_names_its_fact_without_repeating_it() {
        EntryCommitted committed = new EntryCommitted(3, "abc", new ContainerStarted(new LxcContainer(WEB, "/lxc"), 7));

        assertThat(committed.data())
                .isEqualTo(Map.of("height", 3L, "hash", "abc", "kind", "container.started", "subject", "web"));
        assertThat(committed.recorded()).isFalse();
    }

    @Test
    void what_passes_by_in_the_kernel_is_not_recorded() {
        Link link =
                new Link(3, new LinkName("eth0"), List.of(), "", Optional.empty(), 0, Link.NO_NAMESPACE, 0, true, true);

        assertThat(new LinkAppeared(link).recorded()).isFalse();
        assertThat(link.isVethIntoNamespace()).isFalse();
    }

    @Test
    void link_names_are_what_the_kernel_takes() {
        assertThat(List.of("a", "vi100", "fifteen-bytes-x", "ünïcode")).allMatch(LinkName::isValid);
        assertThat(List.of("", "sixteen-bytes-xx", "a/b", "a:b", "a b", ".", "..", "ünïcödé-über"))
                .noneMatch(LinkName::isValid);
        assertThatThrownBy(() -> new LinkName("a/b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void container_ids_are_names_of_folders() {
        assertThatThrownBy(() -> new ContainerId("a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ContainerId("..")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ContainerId("")).isInstanceOf(IllegalArgumentException.class);
        assertThat(new ContainerId("web-1.example").value()).isEqualTo("web-1.example");
    }
}
