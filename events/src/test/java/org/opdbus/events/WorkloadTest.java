// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.events.Workload.VirtualMachine;

/** What workloads are called, in state files and by their sources. */
class WorkloadTest {
    private static Workload podman(String name) {
        return new EngineContainer(Kind.PODMAN.id("3f2ab1c9d0e1"), name, "busybox", "none", Asked.NOTHING);
    }

    @Test
    void a_state_file_calls_a_container_of_an_engine_by_its_name_and_others_by_their_id() {
        assertThat(podman("web").named()).isEqualTo(new ContainerId("podman:web"));
        assertThat(new LxcContainer(new ContainerId("101"), "/var/lib/lxc").named())
                .isEqualTo(new ContainerId("101"));
        assertThat(new VirtualMachine(Kind.VM.id("101"), "db", List.of()).named())
                .isEqualTo(new ContainerId("vm:101"));
    }

    @Test
    void a_name_that_no_id_can_have_leaves_a_container_its_own_id() {
        for (String name : List.of("", "a/b", "x".repeat(300), "\n")) {
            assertThat(podman(name).named()).as(name).isEqualTo(new ContainerId("podman:3f2ab1c9d0e1"));
        }
    }

    @Test
    void each_kind_has_a_word_and_reads_its_own_ids() {
        for (Kind kind : Kind.values()) {
            assertThat(kind.id("web").kind()).isEqualTo(kind);
            assertThat(kind.id("web").own()).isEqualTo("web");
        }
        assertThat(Kind.DOCKER.word()).isEqualTo("docker");
    }

    @Test
    void a_folder_of_LXC_cannot_pass_for_a_container_of_an_engine_or_for_a_machine() {
        assertThat(Kind.LXC.isId("docker:web")).isFalse();
        assertThat(Kind.LXC.isId("vm:101")).isFalse();
        assertThat(Kind.LXC.isId("a:b")).as("LXC accepts it").isTrue();
        assertThat(Kind.VM.isId("docker:web")).isTrue();
    }
}
