// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    @TempDir
    Path folder;

    private static final Note NONE = new Note("", Instant.EPOCH);

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long nanos;

    record Note(String text, Instant lastSeen) implements StateFile.Content {
        @Override
        public Object news() {
            return text;
        }
    }

    @Test
    void what_was_written_is_read_and_unknown_fields_are_passed_over() throws IOException {
        StateFile<Note> file = in(folder);
        assertThat(file.read()).isEqualTo(NONE);
        file.write(note("a", 7));
        assertThat(in(folder).read()).isEqualTo(note("a", 7));
        Files.writeString(path(), "{\"text\":\"b\",\"last_seen\":\"1970-01-01T00:00:07Z\",\"later\":[1]}");
        assertThat(in(folder).read()).isEqualTo(note("b", 7));
    }

    @Test
    void it_is_written_when_something_has_changed_and_not_twice_in_some_seconds() throws IOException {
        StateFile<Note> file = in(folder);
        file.write(note("a", 0));
        for (int beat = 0; beat < 290; beat++) {
            nanos += TimeUnit.SECONDS.toNanos(2);
            int now = beat;
            file.writeIfDue(() -> note("a", now), waiting::add);
        }
        assertThat(waiting).as("it was merely seen again").isEmpty();
        for (int beat = 0; beat < 10; beat++) {
            nanos += TimeUnit.SECONDS.toNanos(2);
            String text = "b" + beat;
            file.writeIfDue(() -> note(text, 0), waiting::add);
        }
        assertThat(waiting).hasSizeBetween(3, 4);
    }

    @Test
    void what_is_no_news_is_written_after_ten_minutes() throws IOException {
        StateFile<Note> file = in(folder);
        file.write(note("a", 0));
        nanos += TimeUnit.MINUTES.toNanos(10);
        file.writeIfDue(() -> note("a", 0), waiting::add);
        assertThat(waiting).as("it is the same").isEmpty();
        file.writeIfDue(() -> note("a", 1), waiting::add);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void the_content_that_was_read_is_not_written_again() throws IOException {
        in(folder).write(note("a", 0));
        StateFile<Note> file = in(folder);
        assertThat(file.read()).isNotEqualTo(NONE);
        file.writeIfDue(() -> note("a", 0), waiting::add);
        assertThat(waiting).isEmpty();
    }

    @Test
    void what_comes_late_does_not_replace_what_is_newer() throws IOException {
        StateFile<Note> file = in(folder);
        file.writeSoon(note("a", 0), waiting::add);
        file.write(note("b", 0));
        waiting.remove().run();
        assertThat(Files.readString(path())).contains("\"b\"");
    }

    @Test
    void what_cannot_be_written_is_written_later() throws IOException {
        Path missing = folder.resolve("missing");
        StateFile<Note> file = in(missing);
        file.writeSoon(note("a", 0), Runnable::run);
        Files.createDirectory(missing);
        nanos += TimeUnit.SECONDS.toNanos(5);
        file.writeIfDue(() -> note("a", 0), Runnable::run);
        assertThat(Files.readString(missing.resolve("note.json"))).contains("\"a\"");
    }

    @Test
    void what_finds_no_room_is_written_later_too() {
        StateFile<Note> file = in(folder);
        file.writeSoon(note("a", 0), work -> {
            throw new RejectedExecutionException("full");
        });
        nanos += TimeUnit.SECONDS.toNanos(5);
        file.writeIfDue(() -> note("a", 0), waiting::add);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void what_cannot_be_read_or_used_is_set_aside() throws IOException {
        Files.writeString(path(), "{\"text\":");
        assertThat(in(folder).read()).isEqualTo(NONE);
        Files.writeString(path(), "{\"text\":\"a\"}");
        int used = in(folder).read(note -> Integer.parseInt("1" + note.text()));
        assertThat(used).isEqualTo(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("note.json.unreadable-"));
        }
    }

    private static Note note(String text, long second) {
        return new Note(text, Instant.ofEpochSecond(second));
    }

    private Path path() {
        return folder.resolve("note.json");
    }

    private StateFile<Note> in(Path place) {
        return new StateFile<>(place.resolve("note.json"), NONE, () -> nanos, new PeerWarnings(() -> nanos));
    }
}
