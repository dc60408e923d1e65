// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A join that an earlier run of the agent began and could not wait for, because it was killed. It may succeed yet, and
 * two at a time collide, so it is waited for; one that takes longer than a join may is ended.
 */
final class LeftJoin {
    /** What a join of ours has in its environment, by which it is told from one that somebody began by hand. */
    static final String MARK = "OP_DBUS_JOIN=1";

    private static final Path PROC = Path.of("/proc");
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ProcessHandle process;

    private LeftJoin(ProcessHandle process) {
        this.process = process;
    }

    /** The one in the container whose init this is, if there is one. Waits for {@code /proc}. */
    static Optional<LeftJoin> in(long initPid) throws IOException {
        Optional<String> namespace = namespace(Long.toString(initPid));
        if (namespace.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path one : processes) {
                String pid = one.getFileName().toString();
                if (namespace(pid).equals(namespace)
                        && words(one, "cmdline").contains("join")
                        && words(one, "environ").contains(MARK)) {
                    return ProcessHandle.of(Long.parseLong(pid)).map(LeftJoin::new);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> namespace(String pid) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(PROC.resolve(pid).resolve("ns/pid")).toString());
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private static List<String> words(Path process, String file) {
        try {
            return List.of(Files.readString(process.resolve(file), StandardCharsets.ISO_8859_1)
                    .split("\0", -1));
        } catch (IOException ended) {
            return List.of();
        }
    }

    /** Asks it to end if it runs for longer than this, and makes it if that did not help; to be called again and again. */
    void endIfOlderThan(Duration limit) {
        Instant began = process.info().startInstant().orElseGet(Instant::now);
        Duration age = Duration.between(began, Instant.now());
        if (age.compareTo(limit.plus(GRACE)) > 0) {
            process.destroyForcibly();
        } else if (age.compareTo(limit) > 0) {
            process.destroy();
        }
    }
}
