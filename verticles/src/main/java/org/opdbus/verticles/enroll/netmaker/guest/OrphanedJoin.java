// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.GuestDeadline;
import org.opdbus.verticles.kernel.GuestRoot;
import org.opdbus.verticles.kernel.ProcText;

/**
 * A join that an earlier run of the agent began before it was killed. It may still succeed, and two joins at a time collide,
 * so the agent waits for it. A join that takes longer than its limit is ended.
 */
public final class OrphanedJoin {
    /** What a join of the agent has in its environment; a join that a user began by hand does not have it. */
    static final String MARK = "OP_DBUS_JOIN=1";

    private static final int WORDS_BYTES_MAX = 65_536;
    private static final Path PROC = Path.of("/proc");
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ProcessHandle process;

    private OrphanedJoin(ProcessHandle process) {
        this.process = process;
    }

    /**
     * The one in the container whose init this is, if there is one. Waits for {@code /proc}, no longer than {@link
     * GuestDeadline#LIMIT}: the kernel reads the memory of the container's processes, which they can hold up.
     */
    public static Optional<OrphanedJoin> in(long initPid) throws IOException {
        return GuestDeadline.within(
                GuestDeadline.LIMIT, GuestRoot.pathOf(initPid).toString(), () -> search(initPid));
    }

    private static Optional<OrphanedJoin> search(long initPid) throws IOException {
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
                    return ProcessHandle.of(Long.parseLong(pid)).map(OrphanedJoin::new);
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
            return List.of(
                    ProcText.start(process.resolve(file), WORDS_BYTES_MAX).split("\0", -1));
        } catch (IOException ended) {
            return List.of();
        }
    }

    /** Asks it to end if it runs for longer than this, and makes it if that did not help; to be called again and again. */
    public void endIfOlderThan(Duration limit) {
        Instant began = process.info().startInstant().orElseGet(Instant::now);
        Duration age = Duration.between(began, Instant.now());
        if (age.compareTo(limit.plus(GRACE)) > 0) {
            process.destroyForcibly();
        } else if (age.compareTo(limit) > 0) {
            process.destroy();
        }
    }
}
