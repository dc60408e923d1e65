// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.LxcContainer;

class ContainerTableTest {
    private static final ContainerId A = new ContainerId("a");
    private static final ContainerId B = new ContainerId("b");
    private static final LxcContainer CONTAINER_A = new LxcContainer(A, "/p");
    private static final LxcContainer CONTAINER_B = new LxcContainer(B, "/p");

    private final ContainerTable table = new ContainerTable("/p");

    @Test
    void a_definition_and_its_end_are_published_once() {
        assertThat(table.defined(Set.of(B, A)))
                .containsExactly(new ContainerDefined(CONTAINER_A), new ContainerDefined(CONTAINER_B));
        assertThat(table.defined(Set.of(A, B))).isEmpty();
        assertThat(table.defined(Set.of(B))).containsExactly(new ContainerRemoved(CONTAINER_A));
        assertThat(table.defined(Set.of(B))).isEmpty();
    }

    @Test
    void a_start_and_a_stop_are_published_once_however_often_they_are_observed() {
        assertThat(table.running(A, 7)).containsExactly(new ContainerStarted(CONTAINER_A, 7));
        assertThat(table.running(A, 7)).isEmpty();
        assertThat(table.stopped(A, "gone")).containsExactly(new ContainerStopped(CONTAINER_A, "gone"));
        assertThat(table.stopped(A, "gone")).isEmpty();
    }

    @Test
    void another_init_means_that_the_container_stopped_in_between() {
        table.running(A, 7);
        assertThat(table.running(A, 8))
                .containsExactly(
                        new ContainerStopped(CONTAINER_A, "init 8 has taken the place of 7"),
                        new ContainerStarted(CONTAINER_A, 8));
        assertThat(table.initPid(A)).contains(8L);
    }

    @Test
    void a_life_that_ended_before_it_was_observed_is_published_whole_and_once() {
        assertThat(table.lived(A, 7, "gone"))
                .containsExactly(new ContainerStarted(CONTAINER_A, 7), new ContainerStopped(CONTAINER_A, "gone"));
        assertThat(table.lived(A, 7, "gone")).isEmpty();
    }

    @Test
    void an_init_whose_end_was_published_is_not_published_again_when_its_monitor_names_it() {
        table.running(A, 7);
        table.stopped(A, "gone");
        assertThat(table.lived(A, 7, "gone")).isEmpty();
        assertThat(table.running(A, 8)).containsExactly(new ContainerStarted(CONTAINER_A, 8));
    }

    @Test
    void a_container_without_a_definition_counts_while_it_runs() {
        table.defined(Set.of(A));
        table.running(B, 9);
        assertThat(table.count()).isEqualTo(2);
        table.stopped(B, "gone");
        assertThat(table.count()).isEqualTo(1);
    }

    @Test
    void a_definition_that_goes_does_not_stop_the_container() {
        table.defined(Set.of(A));
        table.running(A, 7);
        assertThat(table.defined(Set.of())).containsExactly(new ContainerRemoved(CONTAINER_A));
        assertThat(table.running()).containsExactly(A);
    }
}
