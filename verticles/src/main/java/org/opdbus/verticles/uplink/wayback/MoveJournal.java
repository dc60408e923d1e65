// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The journal of one move: a line for each thing that happened, {@code TIME WORD REST}. The mover and the script of the way back
 * write it; each line is on disk before what it announces is done.
 */
final class MoveJournal {
    private static final int BYTES_MAX = 262_144;
    private static final int REST_LENGTH_MAX = 1_000;

    private final Path file;

    MoveJournal(Path file) {
        this.file = file;
    }

    /** A line. */
    record Line(Instant time, String word, String rest) {
        /** Parses a line; empty if it is torn or damaged. */
        static Optional<Line> parse(String text) {
            String[] fields = text.split(" ", 3);
            if (fields.length < 2) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Line(Instant.parse(fields[0]), fields[1], fields.length > 2 ? fields[2] : ""));
            } catch (DateTimeParseException damaged) {
                return Optional.empty();
            }
        }

        String text() {
            return time + " " + word + (rest.isEmpty() ? "" : " " + rest) + "\n";
        }
    }

    /** Returns a line of now; its text has no line ends and a limited length. */
    static Line line(Instant time, String word, String rest) {
        String plain = rest.replaceAll("\\p{Cntrl}+", " ").strip();
        return new Line(
                time.truncatedTo(ChronoUnit.MILLIS),
                word,
                plain.length() <= REST_LENGTH_MAX ? plain : plain.substring(0, REST_LENGTH_MAX) + "…");
    }

    /** Returns its lines, without those that are torn. */
    List<Line> read() throws IOException {
        byte[] bytes = RegularFile.readIfExists(file, BYTES_MAX).orElse(new byte[0]);
        List<Line> lines = new ArrayList<>();
        new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .forEach(text -> Line.parse(text).ifPresent(lines::add));
        return lines;
    }

    /** Appends a line, and returns when it is on disk. A torn line before it is ended first. */
    void append(Line line) throws IOException {
        byte[] before = RegularFile.readIfExists(file, BYTES_MAX).orElse(new byte[0]);
        boolean isTorn = before.length > 0 && before[before.length - 1] != '\n';
        byte[] text = ((isTorn ? "\n" : "") + line.text()).getBytes(StandardCharsets.UTF_8);
        // The script appends too, so the kernel must find the end (open(2), O_APPEND).
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer buffer = ByteBuffer.wrap(text);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
