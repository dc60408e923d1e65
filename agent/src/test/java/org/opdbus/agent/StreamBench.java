// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.opdbus.verticles.testing.Links;

/**
 * What clients of the stream cost an agent with many ports while much changes: how soon a link is live with them and without, and the
 * memory. The changes are definitions of containers that come and go, about which Open vSwitch hears nothing.
 */
final class StreamBench {
    private static final int CLIENTS = 20;
    private static final int PORTS = 500;
    private static final long CHANGE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int LINKS_A_ROUND = 5;

    private final BenchHost host;
    private final LinkBench containers;
    private final SwitchWatch ports;
    private int number;

    StreamBench(BenchHost host, LinkBench containers, SwitchWatch ports) {
        this.host = host;
        this.containers = containers;
        this.ports = ports;
    }

    void run() throws IOException, InterruptedException {
        StrangerPorts others = new StrangerPorts(host, ports);
        others.set(host.quick ? 50 : PORTS);
        Figure figure = host.figure(
                "one link, " + PORTS + " ports present, 100 changes a second, " + CLIENTS + " clients of the stream",
                "the same without clients",
                "≤ 1.1");
        Figure work = host.work(figure, "");
        try (LinkWatch links = new LinkWatch();
                Changes changes = new Changes(host.scene.lxc.lxcPath())) {
            // As much work as is measured later, so that the heap has grown to what that alone takes.
            for (int i = 0; i < 2 * host.rounds(15); i++) {
                side(links);
            }
            long before = residentKib();
            long most = before;
            try (StreamReaders readers = new StreamReaders(CLIENTS)) {
                for (int i = 0; i < 2 * host.rounds(15); i++) {
                    side(links);
                    most = Math.max(most, residentKib());
                }
                assertThat(readers.bytes()).isGreaterThan(CLIENTS * 1_000L);
            }
            host.alone(
                    "resident memory with " + CLIENTS
                            + " clients of the stream, and before the first (goal: ≤ 15 MB more)",
                    most + " KiB, " + before + " KiB");
            for (int i = -1; i < host.rounds(15); i++) {
                Side alone = side(links);
                Side with;
                try (StreamReaders readers = new StreamReaders(CLIENTS)) {
                    TimeUnit.SECONDS.sleep(1);
                    with = side(links);
                    assertThat(readers.bytes()).isPositive();
                }
                if (i >= 0) {
                    figure.add(with.millis, alone.millis);
                    work.add(with.processorMillis, alone.processorMillis);
                }
            }
            host.alone("changes a second meanwhile", changes.perSecond());
        }
        others.set(0);
    }

    /** The time of a link, and the processor time of the agent in a second. */
    private record Side(double millis, double processorMillis) {}

    private Side side(LinkWatch links) throws InterruptedException {
        long start = System.nanoTime();
        long used = host.agentClock().nanos();
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < LINKS_A_ROUND; i++) {
            times.add(plug(links));
        }
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        return new Side(Figure.median(times), BenchHost.millis(host.agentClock().nanos() - used) / seconds);
    }

    private double plug(LinkWatch links) {
        String name = "str" + number++;
        Links.batch(List.of(containers.intoContainer(name)));
        long start = links.await(name);
        double took = BenchHost.millis(ports.awaitLive(LinkBench.PLUGGED, 1) - start);
        containers.unplug(ports);
        return took;
    }

    private long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(host.scene.agent.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Containers that are defined and removed again, at an even pace. */
    private static final class Changes implements AutoCloseable {
        private static final int DEFINED = 50;

        private final Path folder;
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final AtomicLong made = new AtomicLong();
        private final long start = System.nanoTime();
        private final Thread thread = new Thread(this::make, "changes");

        Changes(Path folder) {
            this.folder = folder;
            thread.setDaemon(true);
            thread.start();
        }

        private void make() {
            try {
                for (int i = 0; !isOver.get(); i++) {
                    Path container = folder.resolve("def" + i % DEFINED);
                    if (Files.exists(container)) {
                        Files.delete(container.resolve("config"));
                        Files.delete(container);
                    } else {
                        Files.createDirectory(container);
                        Files.writeString(container.resolve("config"), "lxc.net.0.type = veth\n");
                    }
                    made.incrementAndGet();
                    LockSupport.parkNanos(start + (i + 1) * CHANGE_NS - System.nanoTime());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        long perSecond() {
            return made.get() * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
        }

        @Override
        public void close() {
            isOver.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            for (int i = 0; i < DEFINED; i++) {
                Path container = folder.resolve("def" + i);
                try {
                    Files.deleteIfExists(container.resolve("config"));
                    Files.deleteIfExists(container);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
