// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * A watcher leaves no trace in the monitors, however it ends: every lxc-stop succeeds. It failed when LXC was asked
 * to send state messages, because LXC sends them to the process that uses the descriptor's number by then, which was
 * lxc-stop.
 */
class LxcTraceIT {
    private static final int KILLED = 128 + 9;
    /** The flags of a listening socket in /proc/net/unix. */
    private static final String LISTENING = " 00010000 ";

    private final LxcContainers containers = new LxcContainers();
    private final List<String> ids =
            IntStream.range(0, 10).mapToObj(i -> Integer.toString(100 + i)).toList();

    @AfterEach
    void close() {
        containers.close();
    }

    @Test
    void every_stop_succeeds_after_a_watcher_was_closed() {
        ids.forEach(containers::create);
        containers.startAll(ids);
        settle();
        Vertx vertx = Vertx.vertx();
        Bus bus = new Bus(vertx);
        try (BusWatcher events = new BusWatcher(bus)) {
            vertx.deployVerticle(new LxcVerticle(
                            bus, LxcOptions.of(containers.lxcPath().toString())))
                    .await();
            ids.forEach(id -> events.expect(
                    ContainerStarted.class, event -> event.subject().equals(id)));
        } finally {
            vertx.close().await();
        }
        stopsLeaveNothing();
    }

    @Test
    void every_stop_succeeds_after_a_watcher_was_killed() throws Exception {
        ids.forEach(containers::create);
        containers.startAll(ids);
        settle();
        Process watcher = watcher();
        try (BufferedReader said = watcher.inputReader()) {
            Set<String> awaited = new HashSet<>(ids);
            String line = said.readLine();
            while (line != null && !awaited.isEmpty()) {
                awaited.remove(line);
                line = awaited.isEmpty() ? line : said.readLine();
            }
            assertThat(awaited).isEmpty();
        } finally {
            kill(watcher);
        }
        stopsLeaveNothing();
    }

    @Test
    void every_stop_succeeds_after_a_watcher_was_killed_while_its_questions_waited_for_the_end_of_the_start()
            throws Exception {
        Path go = containers.lxcPath().resolveSibling("go");
        Path hook = containers.lxcPath().resolveSibling("hook");
        Files.writeString(hook, "#!/bin/sh\nuntil [ -e " + go + " ]; do sleep 0.1; done\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        ids.forEach(id -> containers.create(Definition.of(id).line("lxc.hook.start-host = " + hook)));
        CompletableFuture<Void> starts = CompletableFuture.runAsync(() -> containers.startAll(ids));
        Process watcher = watcher();
        try {
            eventually(() ->
                    assertThat(ids).allSatisfy(id -> assertThat(waiting(id)).isPositive()));
        } finally {
            kill(watcher);
        }
        assertThat(starts).isNotDone();

        Files.createFile(go);
        starts.join();
        stopsLeaveNothing();
    }

    /**
     * Waits until each monitor has one socket open: the one that it listens at for commands. A monitor closes the
     * sockets of the start, and those of answered questions, a moment after the start or the answer.
     */
    private void settle() {
        eventually(() -> assertThat(monitorSockets())
                .allSatisfy((id, sockets) -> assertThat(sockets)
                        .as("sockets of the monitor of %s", id)
                        .isOne()));
    }

    private Process watcher() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WatchingProgram.class.getName(),
                        containers.lxcPath().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void kill(Process watcher) throws InterruptedException {
        assertThat(watcher.destroyForcibly().waitFor()).isEqualTo(KILLED);
    }

    private void stopsLeaveNothing() {
        settle();
        // Each fails unless lxc-stop exits with 0.
        containers.stopAll(ids);
        assertThat(ids).allSatisfy(id -> assertThat(containers.state(id)).isEqualTo("STOPPED"));
    }

    /** Returns how many sockets each container's monitor has open. */
    private Map<String, Long> monitorSockets() {
        return ids.stream().collect(Collectors.toMap(Function.identity(), this::sockets));
    }

    private long sockets(String id) {
        long monitor = ProcessHandle.of(containers.initPid(id))
                .flatMap(ProcessHandle::parent)
                .orElseThrow()
                .pid();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + monitor + "/fd"))) {
            return descriptors.filter(LxcTraceIT::isSocket).count();
        } catch (IOException e) {
            throw new AssertionError("cannot list the descriptors of the monitor of " + id, e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // It was closed between the two looks.
            return false;
        }
    }

    /** Returns how many connections a monitor has not accepted yet: they have its socket's name and do not listen. */
    private long waiting(String id) throws IOException {
        String name = "@" + containers.lxcPath() + "/" + id + "/command";
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/unix"))) {
            return lines.filter(line -> line.endsWith(" " + name) && !line.contains(LISTENING))
                    .count();
        }
    }
}
