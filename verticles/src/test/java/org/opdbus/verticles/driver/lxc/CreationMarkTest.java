// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CreationMarkTest {
    /** No process has this number, so the remains belong to no running process. */
    private static final CreationMark LEFT = new CreationMark(Integer.MAX_VALUE, "1", Optional.of(Path.of("/rootfs")));

    @TempDir
    private Path folder;

    @Test
    void a_reader_during_the_write_sees_all_of_the_mark_or_nothing() throws IOException {
        CreationMark ours = CreationMark.ours(Optional.empty());
        AtomicBoolean isDone = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 200; i++) {
                    ours.writeTo(folder);
                    CreationMark.removeFrom(folder);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            } finally {
                isDone.set(true);
            }
        });
        while (!isDone.get()) {
            assertThat(CreationMark.read(folder)).isIn(Optional.empty(), Optional.of(ours));
        }
        writing.join();
    }

    @Test
    void what_is_left_is_taken_once_and_not_when_something_else_has_its_place() throws IOException {
        LEFT.writeTo(folder);
        assertThat(LEFT.isAlive()).isFalse();
        assertThat(LEFT.whileIn(folder, () -> {
                    assertThat(LEFT.whileIn(folder, () -> Files.delete(folder))).isFalse();
                    CreationMark.removeFrom(folder);
                }))
                .isTrue();
        assertThat(LEFT.whileIn(folder, () -> Files.delete(folder))).isFalse();

        CreationMark.ours(Optional.empty()).writeTo(folder);
        assertThat(LEFT.whileIn(folder, () -> Files.delete(folder))).isFalse();
        assertThat(CreationMark.read(folder).orElseThrow().isAlive()).isTrue();
    }
}
