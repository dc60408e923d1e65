// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;
import org.slf4j.LoggerFactory;

/**
 * Looks for a server's secrets where they must not be, all the time that a test runs: in the arguments and the environment
 * of every process, and in the log of everything; and, when asked, in texts and files.
 *
 * <p>The one exception is netclient's own command line while it joins: it takes its token in no other way.
 */
public final class TokenHunt implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final long BYTES_MAX = 16 << 20;

    private final MeshServer server;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final @Nullable Level level = root.getLevel();
    private final Set<String> leaks = ConcurrentHashMap.newKeySet();
    private final AtomicLong looks = new AtomicLong();
    private final Thread sampler = new Thread(this::sample, "token-hunt");
    private final CountDownLatch ended = new CountDownLatch(1);

    /** A hunt for this server's secrets, which begins now. */
    public TokenHunt(MeshServer server) {
        this.server = server;
        root.setLevel(Level.TRACE);
        log.start();
        root.addAppender(log);
        sampler.setDaemon(true);
        sampler.start();
    }

    private void sample() {
        while (!isOver()) {
            List<String> secrets = server.secrets();
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (Path process : processes) {
                    String command = text(process.resolve("cmdline"));
                    if (holds(command, secrets) && !isNetclient(command)) {
                        leaks.add("the arguments of " + command.split("\0", 2)[0]);
                    }
                    if (holds(text(process.resolve("environ")), secrets)) {
                        leaks.add("the environment of " + command.split("\0", 2)[0]);
                    }
                }
            } catch (IOException e) {
                leaks.add("/proc could not be looked at: " + e);
            }
            looks.incrementAndGet();
        }
    }

    /** Leaves the processor to others for a moment, which is far shorter than any program that takes a token lives. */
    private boolean isOver() {
        try {
            return ended.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static boolean isNetclient(String command) {
        return command.contains("/netclient\0join\0-t\0") || command.startsWith("netclient\0join\0-t\0");
    }

    private static boolean holds(String text, Collection<String> secrets) {
        return secrets.stream().anyMatch(text::contains);
    }

    private static String text(Path file) {
        try {
            return Files.size(file) > BYTES_MAX ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    /** Every line of the log so far. */
    List<String> logged() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** How many leaks were found in processes so far. */
    int found() {
        return leaks.size();
    }

    /** Fails if any of these texts holds a secret. */
    public void assertAbsent(Collection<?> texts) {
        List<String> secrets = server.secrets();
        assertThat(texts).isNotEmpty().noneMatch(text -> holds(String.valueOf(text), secrets));
    }

    /** Fails if any file below this folder holds a secret, but those that are made for it. */
    public void assertAbsentBelow(Path folder, Path... madeForIt) {
        List<String> secrets = server.secrets();
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                            .filter(file -> !List.of(madeForIt).contains(file))
                            .filter(file -> holds(text(file), secrets)))
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends, and fails if a secret was seen, or if nothing was looked at. */
    @Override
    public void close() {
        ended.countDown();
        root.detachAppender(log);
        root.setLevel(level);
        try {
            sampler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(looks.get()).isPositive();
        assertThat(leaks).isEmpty();
        List<String> secrets = server.secrets();
        assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage)).noneMatch(line -> holds(line, secrets));
        assertThat(log.list.stream()
                        .filter(event -> event.getThrowableProxy() != null)
                        .map(event -> String.valueOf(event.getThrowableProxy().getMessage())))
                .noneMatch(line -> holds(line, secrets));
    }
}
