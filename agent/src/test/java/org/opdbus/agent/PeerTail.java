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
    private static final Pattern LIVE = Pattern.compile("^(\\S+) .*cluster\\.heard Live\\[host=(\\S+),"
            + " fact=LiveFact\\[time=(\\S+), kind=(\\S+), subject=(.*?), data=.*]]$");
    private static final Pattern RECORDED =
            Pattern.compile("^(\\S+) .*cluster\\.heard Recorded\\[entry=Entry\\[height=(\\d+),"
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
     * @param height of an entry; 0 if this is a live fact
     * @param time when it happened at the sender
     */
    record Line(int run, String at, String host, long height, String time, String kind, String subject) {
        boolean isEntry() {
            return height > 0;
        }

        /** What the item is about. */
        String what() {
            return kind + " " + subject;
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
            whole.lines().filter(line -> line.contains(" cluster.heard ")).forEach(this::take);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(String line) {
        Matcher live = LIVE.matcher(line);
        Matcher recorded = RECORDED.matcher(line);
        if (live.matches()) {
            lines.add(new Line(run, live.group(1), live.group(2), 0, live.group(3), live.group(4), live.group(5)));
        } else if (recorded.matches()) {
            lines.add(new Line(
                    run,
                    recorded.group(1),
                    recorded.group(4),
                    Long.parseLong(recorded.group(2)),
                    recorded.group(3),
                    recorded.group(5),
                    recorded.group(6)));
        } else {
            throw new AssertionError("not understood: " + line);
        }
    }
}
