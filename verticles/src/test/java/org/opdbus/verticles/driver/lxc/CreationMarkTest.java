// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1\n5\n",
                "x\n5\n\n",
                "-1\n5\n\n",
                "99999999999999999999\n5\n\n",
                "1\n5\n/\0\n",
                "1\n5\n/a\n/b\n"
            })
    void a_file_that_is_no_mark_is_refused_with_its_name(String text) throws IOException {
        Path file = Files.writeString(folder.resolve(".op-dbus-creating"), text);
        assertThatThrownBy(() -> CreationMark.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }
}
