// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.kernel.Inotify.Happening;

class InotifyTest {
    @TempDir
    Path folder;

    @Test
    void events_of_a_folder_come_in_order() throws IOException {
        try (Inotify inotify = new Inotify()) {
            int watch = inotify.watch(folder.toString(), Inotify.ENTRIES | Inotify.OPEN)
                    .orElseThrow();
            Files.writeString(folder.resolve("a"), "x");
            Files.delete(folder.resolve("a"));

            List<Happening> seen = new ArrayList<>();
            eventually(() -> {
                seen.addAll(inotify.read());
                assertThat(seen)
                        .contains(
                                new Happening(watch, Inotify.CREATE, "a"),
                                new Happening(watch, Inotify.OPEN, "a"),
                                new Happening(watch, Inotify.DELETE, "a"));
            });
        }
    }

    @Test
    void a_folder_that_does_not_exist_has_no_watch() throws IOException {
        try (Inotify inotify = new Inotify()) {
            assertThat(inotify.watch(folder.resolve("none").toString(), Inotify.ENTRIES))
                    .isEmpty();
        }
    }

    @Test
    void a_wait_for_many_descriptors_ends_when_one_is_ready_or_on_wake() throws IOException {
        try (Inotify inotify = new Inotify();
                Poller poller = new Poller()) {
            inotify.watch(folder.toString(), Inotify.ENTRIES);
            List<Happening> seen = new ArrayList<>();
            poller.watch(inotify.fd(), () -> seen.addAll(inotify.read()));

            poller.wake();
            poller.await(Long.MAX_VALUE);
            assertThat(seen).isEmpty();

            Files.createDirectory(folder.resolve("b"));
            poller.await(Long.MAX_VALUE);
            assertThat(seen).extracting(Happening::name).containsExactly("b");
        }
    }

    @Test
    void the_exit_of_a_process_is_reported() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try (ProcessWatch watch = ProcessWatch.of(process.pid()).orElseThrow();
                Poller poller = new Poller()) {
            boolean[] exited = {false};
            poller.watch(watch.fd(), () -> exited[0] = true);
            poller.await(0);
            assertThat(exited[0]).isFalse();
            assertThat(watch.hasExited()).isFalse();
            process.destroyForcibly();
            poller.await(Long.MAX_VALUE);
            assertThat(exited[0]).isTrue();
            assertThat(watch.hasExited()).isTrue();
        }
        process.waitFor();
        assertThat(ProcessWatch.of(process.pid())).isEmpty();
    }
}
