// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.MeshEvent.MeshCleaned;
import org.opdbus.events.MeshEvent.MeshDelayed;
import org.slf4j.LoggerFactory;

/** The token is looked for everywhere while a container lives through everything that makes netclient show it. */
class TokenLeakIT {
    private static final String MARKER = "leakleakleakleakleakleakleakleak";

    private final MeshLab lab = new MeshLab();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger("org.opdbus");
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong looks = new AtomicLong();
    private final Set<String> leaks = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        ended.set(true);
        root.detachAppender(log);
        lab.close();
    }

    @Test
    void the_token_is_nowhere_but_in_its_file_and_on_netclient_s_own_command_line() throws Exception {
        root.setLevel(Level.TRACE);
        log.start();
        root.addAppender(log);
        String token = lab.server.token(MARKER);
        lab.tokens("A=" + token);
        lab.server.grant(MARKER, 1);
        ContainerId a = lab.create("a", "A");
        Thread sampler = new Thread(() -> sample(token), "sampler");
        sampler.start();
        NetmakerVerticle verticle = lab.start(MeshLab.QUICK);

        lab.server.down();
        lab.containers.start("a");
        lab.events.expect(MeshDelayed.class, event -> true);
        lab.server.up();
        lab.joined(a);
        lab.server.down();
        assertThat(verticle.leave(a).blockingGet()).isFalse();
        lab.server.up();
        lab.events.expect(MeshCleaned.class, event -> true);
        ended.set(true);
        sampler.join();

        assertThat(looks.get()).isPositive();
        assertThat(leaks).isEmpty();
        assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage)).noneMatch(line -> holds(line, token));
        assertThat(lab.events.seen().stream().map(event -> event + " " + event.data()))
                .isNotEmpty()
                .noneMatch(line -> holds(line, token));
        assertThat(verticle.status().blockingGet().toString()).doesNotContain(token, MARKER);
        assertThat(filesWith(token, lab.folder)).containsExactly(lab.envFile());
        assertThat(filesWith(token, lab.containers.rootfs("a").resolve("etc"))).isEmpty();
        assertThat(filesWith(token, lab.containers.rootfs("a").resolve("tmp"))).isEmpty();
        assertThat(filesWith(token, lab.containers.rootfs("a").resolve("var"))).isEmpty();
    }

    private void sample(String token) {
        while (!ended.get()) {
            looks.incrementAndGet();
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (Path process : processes) {
                    String command = text(process.resolve("cmdline"));
                    boolean netclients =
                            command.contains("/netclient\0join\0") || command.startsWith("netclient\0join");
                    if (holds(command, token) && !netclients) {
                        leaks.add(command.replace('\0', ' '));
                    }
                    if (holds(text(process.resolve("environ")), token)) {
                        leaks.add("the environment of " + command.replace('\0', ' '));
                    }
                }
            } catch (IOException e) {
                leaks.add("/proc could not be looked at: " + e);
            }
        }
    }

    private static boolean holds(String text, String token) {
        return text.contains(token) || text.contains(MARKER);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private static List<Path> filesWith(String token, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> holds(text(file), token))
                    .toList();
        }
    }
}
