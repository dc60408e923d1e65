// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ClusterEvent.ContainerClaimedTwice;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.testing.Eventually;

/** Two agents' halves on one shared bus, and a container that moves between them or runs on both. */
class ClaimedTwiceTest {
    private static final LxcContainer WEB = new LxcContainer(new ContainerId("web"), "/var/lib/lxc");
    private static final LxcContainer OTHER = new LxcContainer(new ContainerId("other"), "/var/lib/lxc");

    @TempDir
    Path folder;

    private final Vertx between = Vertx.vertx();
    private final List<ClusterHost> hosts = new CopyOnWriteArrayList<>();
    private final List<Process> inits = new ArrayList<>();

    @AfterEach
    void close() {
        inits.forEach(Process::destroyForcibly);
        hosts.forEach(ClusterHost::close);
        between.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_container_that_moves_gives_both_facts_in_order_and_no_alarm_but_one_that_runs_twice_does()
            throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        ClusterHost c = host("c");
        Process first = starts(a, WEB);
        tells(c, "a container.started");
        first.destroyForcibly().onExit().join();
        a.happen(new ContainerStopped(WEB, "its init has exited"));
        // The operator who moves it sees that it has stopped before starting it elsewhere.
        tells(b, "a container.started", "a container.stopped");
        tells(c, "a container.started", "a container.stopped");
        starts(b, WEB);
        tells(c, "a container.started", "a container.stopped", "b container.started");

        // The next event is known to come after it: by then the move was checked.
        starts(a, OTHER);
        starts(b, OTHER);
        for (ClusterHost host : List.of(a, b)) {
            Eventually.eventually(() -> {
                assertThat(host.facts(ContainerClaimedTwice.class))
                        .extracting(ContainerClaimedTwice::subject)
                        .containsExactly("other");
            });
        }
        assertThat(c.facts(ContainerClaimedTwice.class)).isEmpty();
    }

    @Test
    void a_container_started_on_both_sides_of_a_cut_is_reported_when_it_heals() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        starts(a, WEB);
        tells(b, "a container.started");
        b.leaveBus();
        Eventually.eventually(() -> {
            assertThat(a.verticle.hosts())
                    .singleElement()
                    .satisfies(row -> assertThat(row.up()).isFalse());
        });
        starts(b, WEB);
        b.joinBus();
        for (ClusterHost host : List.of(a, b)) {
            Eventually.eventually(() -> {
                assertThat(host.facts(ContainerClaimedTwice.class)).hasSize(1);
            });
        }
    }

    private ClusterHost host(String name) throws IOException {
        ClusterHost host = new ClusterHost(folder.resolve(name), name, between);
        hosts.forEach(other -> Eventually.eventually(() -> {
            assertThat(other.verticle.hosts()).anyMatch(row -> row.host().equals(name) && row.up());
            assertThat(host.verticle.hosts()).anyMatch(row -> row.host().equals(other.name) && row.up());
        }));
        hosts.add(host);
        return host;
    }

    private Process starts(ClusterHost host, LxcContainer container) throws IOException {
        Process init = new ProcessBuilder("sleep", "600").start();
        inits.add(init);
        host.happen(new ContainerStarted(container, init.pid()));
        return init;
    }

    private static void tells(ClusterHost at, String... expected) {
        Eventually.eventually(() -> {
            assertThat(at.entries())
                    .filteredOn(each -> each.kind().startsWith("container.st"))
                    .extracting(each -> each.host() + " " + each.kind())
                    .containsExactly(expected);
        });
    }
}
