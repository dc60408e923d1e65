// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.LinkRenamed;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LinkName;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.Workload.LxcContainer;

class StepTimesTest {
    private static final ContainerId ID = new ContainerId("100");

    private final AtomicLong clock = new AtomicLong();
    private final TreeMap<String, Duration> took = new TreeMap<>();
    private final StepTimes steps = new StepTimes(took::put, clock::get);

    @Test
    void the_steps_of_an_enrolment_add_up() {
        hear(10, new ContainerStarted(new LxcContainer(ID, "/var/lib/lxc"), 5));
        hear(30, new LinkRenamed(ID, 7, new LinkName("vethX"), new LinkName("vi100"), NamingMode.RENAME));
        hear(60, enrolled(false));
        hear(100, new EntryCommitted(1, "hash", enrolled(false)));
        assertThat(took)
                .containsEntry("renamed", Duration.ofNanos(20))
                .containsEntry("total", Duration.ofNanos(50))
                .containsEntry("durable", Duration.ofNanos(40))
                .doesNotContainKeys("running", "committed", "live");
    }

    @Test
    void an_entry_that_is_heard_of_before_its_fact_took_no_time() {
        hear(10, new ContainerStarted(new LxcContainer(ID, "/var/lib/lxc"), 5));
        hear(50, new EntryCommitted(1, "hash", enrolled(false)));
        hear(60, enrolled(false));
        assertThat(took).containsEntry("durable", Duration.ZERO);
    }

    @Test
    void what_an_earlier_run_did_and_what_has_ended_is_not_timed() {
        hear(10, new ContainerStarted(new LxcContainer(ID, "/var/lib/lxc"), 5));
        hear(60, enrolled(true));
        hear(70, new ContainerStopped(new LxcContainer(ID, "/var/lib/lxc"), "exited"));
        hear(80, enrolled(false));
        assertThat(took).isEmpty();
    }

    @Test
    void a_container_joins_its_mesh_after_it_was_enrolled_and_leaves_when_it_ends() {
        LxcContainer container = new LxcContainer(ID, "/var/lib/lxc");
        hear(10, new ContainerStarted(container, 5));
        hear(60, enrolled(false));
        hear(960, joined(false));
        assertThat(took).containsEntry("join", Duration.ofNanos(900)).doesNotContainKey("leave");
        hear(1_000, new ContainerStopped(container, "exited"));
        hear(1_070, new ContainerLeft(ID, "e1", "vi100", "vmbr0", "stopped", false));
        assertThat(took).containsEntry("leave", Duration.ofNanos(70));

        took.clear();
        hear(2_000, new ContainerStarted(container, 6));
        hear(2_010, new ContainerLeft(ID, "e2", "vi100", "vmbr0", "its link is gone", false));
        hear(2_020, joined(true));
        hear(2_030, joined(false));
        assertThat(took).isEmpty();
    }

    private static MeshJoined joined(boolean recovered) {
        return new MeshJoined(ID, "mesh", "server", "host", "node", "10.1.1.1/24", "netmaker", recovered);
    }

    private void hear(long at, Event fact) {
        clock.set(at);
        steps.hear(fact);
    }

    private static ContainerEnrolled enrolled(boolean recovered) {
        return new ContainerEnrolled(
                ID,
                "e1",
                new LinkName("vi100"),
                7,
                "vmbr0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                3,
                Optional.empty(),
                recovered);
    }
}
