// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DueFileTest {
    @TempDir
    Path folder;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long nanos;

    @Test
    void it_is_due_at_once_and_then_not_for_some_seconds() throws IOException {
        DueFile file = in(folder);
        assertThat(file.isDue()).isTrue();
        file.replaceNow(new byte[] {1});
        assertThat(file.isDue()).isFalse();
        nanos += TimeUnit.SECONDS.toNanos(5);
        assertThat(file.isDue()).isTrue();
    }

    @Test
    void what_comes_late_does_not_replace_what_is_newer() throws IOException {
        DueFile file = in(folder);
        file.replaceSoon(new byte[] {1}, waiting::add);
        file.replaceNow(new byte[] {2});
        waiting.remove().run();
        assertThat(Files.readAllBytes(file.path())).containsExactly(2);
    }

    @Test
    void what_cannot_be_written_is_owed_until_it_is() throws IOException {
        Path missing = folder.resolve("missing");
        DueFile file = in(missing);
        file.replaceSoon(new byte[] {1}, Runnable::run);
        assertThat(file.isOwed()).isTrue();
        Files.createDirectory(missing);
        file.replaceSoon(new byte[] {1}, Runnable::run);
        assertThat(file.isOwed()).isFalse();
        assertThat(Files.readAllBytes(file.path())).containsExactly(1);
    }

    @Test
    void what_finds_no_room_is_owed_too() {
        DueFile file = in(folder);
        file.replaceSoon(new byte[] {1}, work -> {
            throw new RejectedExecutionException("full");
        });
        assertThat(file.isOwed()).isTrue();
    }

    private DueFile in(Path place) {
        return new DueFile(place.resolve("due.json"), () -> nanos, new PeerWarnings(() -> nanos));
    }
}
