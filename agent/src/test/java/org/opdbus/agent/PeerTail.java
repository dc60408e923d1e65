// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent receives from its peers, as its log at DEBUG shows it. It reads each part of the log once. Not for
 * use by several threads at once.
 */
final class PeerTail {
    private static final Pattern LIVE = Pattern.compile("^(\\S+) .*cluster\\.told Live\\[copy=Copy\\[host=(\\S+),"
            + " epoch=(\\d+), sequence=(\\d+), height=\\d+, time=(\\S+), kind=(\\S+), subject=(\\S*), data=.*,"
            + " kept=(\\w+), of=\\d+]]$");
    private static final Pattern FILLED =
            Pattern.compile("^(\\S+) .*cluster\\.told Filled\\[entry=Entry\\[height=(\\d+),"
                    + " time=(\\S+), host=(\\S+), kind=(\\S+), subject=(\\S*), data=.*]]$");

    private final AgentProcess agent;
    private final List<Line> lines = new ArrayList<>();
    private int run = 1;
    private long read;

    PeerTail(AgentProcess agent) {
        this.agent = agent;
    }

    /**
     * One received item.
     *
     * @param run of the receiving agent: 1 is the first
     * @param at when it was received
     * @param epoch the sender's run; 0 if this is an entry
     * @param number the sequence of a copy, or the height of an entry
     * @param time when it happened at the sender
     * @param kept whether the sender's ledger has it, or will have it
     */
    record Line(
            int run,
            String at,
            String host,
            long epoch,
            long number,
            String time,
            String kind,
            String subject,
            boolean kept) {
        boolean isCopy() {
            return epoch > 0;
        }

        /** What the item is about. */
        String what() {
            return kind + " " + subject;
        }

        /** Returns its identity: host, epoch and sequence, or host and height. */
        String place() {
            return host + "/" + epoch + "/" + number;
        }
    }

    /** Returns what all runs received so far, one after the other. */
    List<Line> lines() {
        while (true) {
            boolean isOver = run < agent.runs();
            readRest();
            if (!isOver) {
                return List.copyOf(lines);
            }
            run++;
            read = 0;
        }
    }

    private void readRest() {
        Path log = agent.log(run);
        if (!Files.exists(log)) {
            return;
        }
        try (SeekableByteChannel file = Files.newByteChannel(log)) {
            ByteBuffer rest = ByteBuffer.allocate((int) (file.size() - read));
            file.position(read);
            while (rest.hasRemaining() && file.read(rest) >= 0) {
                // A file that is being written may be read in several pieces.
            }
            String text = new String(rest.array(), 0, rest.position(), StandardCharsets.UTF_8);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            read += whole.getBytes(StandardCharsets.UTF_8).length;
            whole.lines().filter(line -> line.contains(" cluster.told ")).forEach(this::take);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(String line) {
        Matcher live = LIVE.matcher(line);
        Matcher filled = FILLED.matcher(line);
        if (live.matches()) {
            lines.add(new Line(
                    run,
                    live.group(1),
                    live.group(2),
                    Long.parseLong(live.group(3)),
                    Long.parseLong(live.group(4)),
                    live.group(5),
                    live.group(6),
                    live.group(7),
                    Boolean.parseBoolean(live.group(8))));
        } else if (filled.matches()) {
            lines.add(new Line(
                    run,
                    filled.group(1),
                    filled.group(4),
                    0,
                    Long.parseLong(filled.group(2)),
                    filled.group(3),
                    filled.group(5),
                    filled.group(6),
                    true));
        } else {
            throw new AssertionError("not understood: " + line);
        }
    }
}
