// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GuestDeadlineIT {
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path folder;

    @Test
    void a_guest_whose_file_system_never_answers_holds_up_itself_alone() throws Exception {
        Path good = Files.createDirectories(folder.resolve("good/etc"));
        Files.writeString(good.resolve("file"), "good");
        Path mount = Files.createDirectories(folder.resolve("bad/etc"));
        Process guest = silentFileSystem(mount);
        try {
            Path bad = Path.of("/proc", Long.toString(guest.pid()), "root");

            assertThatThrownBy(() -> read(SHORT, bad, inside(mount))).hasMessageContaining("within 200 ms");
            // The thread of the first read still hangs, and no second one is started.
            assertThatThrownBy(() -> read(Duration.ofHours(1), bad, inside(mount)))
                    .hasMessageContaining("still do not answer");
            assertThat(read(GuestDeadline.LIMIT, folder.resolve("good"), "etc/file"))
                    .contains("good");

            guest.destroyForcibly().waitFor();
            eventually(() -> assertThat(guestThreads()).isZero());
        } finally {
            guest.destroyForcibly();
        }
    }

    @Test
    void what_the_work_throws_reaches_the_caller() {
        assertThatThrownBy(() -> read(GuestDeadline.LIMIT, folder.resolve("none"), "x"))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
    }

    /** A process with a FUSE file system in its mounts, whose requests it never answers; it ends with its input. */
    static Process silentFileSystem(Path mount) throws IOException {
        Process guest = new ProcessBuilder("unshare", "--mount", "sh", "-c", """
                exec 3<>/dev/fuse
                mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none "$0" && echo ready && exec cat
                """, mount.toString()).start();
        assertThat(guest.inputReader().readLine()).isEqualTo("ready");
        return guest;
    }

    private static Optional<String> read(Duration limit, Path root, String path) throws IOException {
        return GuestDeadline.within(limit, root.toString(), () -> {
            try (GuestRoot guest = GuestRoot.at(root)) {
                return guest.read(path, 1_000).map(bytes -> new String(bytes, UTF_8));
            }
        });
    }

    private static String inside(Path mount) {
        return mount.resolve("file").toString().substring(1);
    }

    private static long guestThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("op-dbus-guest-files-"))
                .filter(thread -> Thread.State.RUNNABLE == thread.getKey().getState())
                .count();
    }
}
