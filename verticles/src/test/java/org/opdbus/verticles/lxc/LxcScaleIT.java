// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.LxcContainers;

/** What a start costs depends on that container alone: the table of all sockets is read for the listing and not again. */
class LxcScaleIT {
    private static final long NEVER_MS = TimeUnit.HOURS.toMillis(1);
    private static final int STOPPED = 2_000;
    private static final int PROCESSES = 4;
    private static final int SOCKETS_EACH = 5_000;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher events = new BusWatcher(bus);
    private final LxcContainers containers = new LxcContainers();
    private final CountedSockets sockets = new CountedSockets();
    private final List<Process> strangers = new ArrayList<>();
    /** Control groups are not of a laboratory alone, so no other test may start a container of this name. */
    private final String id = "scale-" + UUID.randomUUID();

    @AfterEach
    void close() {
        strangers.forEach(Process::destroyForcibly);
        containers.close();
        events.close();
        vertx.close().await();
    }

    @Test
    void a_start_amid_strangers_sockets_and_stopped_containers_is_heard_without_a_look_at_them() throws IOException {
        for (int i = 0; i < PROCESSES; i++) {
            strangers.add(listeners("stranger" + i));
        }
        for (int i = 0; i < STOPPED; i++) {
            Path folder = Files.createDirectory(containers.lxcPath().resolve("stopped" + i));
            Files.createFile(folder.resolve("config"));
        }
        assertThat(Files.readAllLines(Path.of("/proc/net/unix"))).hasSizeGreaterThan(PROCESSES * SOCKETS_EACH);
        LxcVerticle source = watch();
        eventually(() -> assertThat(events.seen(ContainerDefined.class)).hasSize(STOPPED));

        containers.create(id);
        events.expect(ContainerDefined.class, event -> event.subject().equals(id));
        long first = startAndStop(1);
        long second = startAndStop(2);

        assertThat(second).isNotEqualTo(first);
        assertThat(observe(source)).isEqualTo(new Observed.Stopped());
        assertThat(sockets.reads()).isEqualTo(1);
    }

    @Test
    void a_storm_of_strangers_links_leads_to_one_look_and_delays_no_start() {
        watch();
        containers.create(id);
        events.expect(ContainerDefined.class, event -> event.subject().equals(id));
        for (int link = 0; link < 20_000; link++) {
            bus.publish(new LinkAppeared(UnexplainedLinksTest.link(10 + link, link)));
        }
        eventually(() -> assertThat(sockets.reads()).isEqualTo(2));
        for (int link = 20_000; link < 40_000; link++) {
            bus.publish(new LinkAppeared(UnexplainedLinksTest.link(10 + link, link)));
        }

        startAndStop(1);

        // A minute passes before the next look.
        assertThat(sockets.reads()).isBetween(2, 3);
    }

    private long startAndStop(int times) {
        containers.start(id);
        eventually(() -> assertThat(events.seen(ContainerStarted.class)).hasSize(times));
        containers.stop(id);
        eventually(() -> assertThat(events.seen(ContainerStopped.class)).hasSize(times));
        return events.seen(ContainerStarted.class).get(times - 1).initPid();
    }

    private LxcVerticle watch() {
        LxcVerticle source =
                new LxcVerticle(bus, new LxcOptions(containers.lxcPath().toString(), NEVER_MS, 5_000), sockets);
        vertx.deployVerticle(source).await();
        return source;
    }

    private Observed observe(LxcVerticle source) {
        return source.observe(new ContainerId(id)).blockingGet();
    }

    /** A process with many listening abstract sockets, whose names look like those of monitors. */
    private static Process listeners(String name) throws IOException {
        Process process = new ProcessBuilder("perl", "-e", """
                        use Socket; $| = 1;
                        for my $i (1 .. $ARGV[1]) {
                            socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die; push @all, $s;
                            bind($s, pack("S a*", 1, "\\0/$ARGV[0]/$i/command")) or die; listen($s, 5) or die;
                        }
                        print "ready\\n"; sleep;
                        """, name, Integer.toString(SOCKETS_EACH))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }
}
