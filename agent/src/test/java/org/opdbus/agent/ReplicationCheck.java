// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.opdbus.agent.PeerTail.Line;

/** Compares what one host received from another with what that one has written. */
final class ReplicationCheck {
    /** The tolerance between a copy's time and its entry's: an entry has the time when it is written. */
    private static final long SAME_MS = 500;

    private final WireHost listener;
    private final WireHost sender;
    private final List<Line> told;

    /** Creates a comparison of the present state. */
    ReplicationCheck(WireHost listener, WireHost sender) {
        this.listener = listener;
        this.sender = sender;
        told = listener.tail.lines().stream()
                .filter(line -> line.host().equals(sender.name))
                .toList();
    }

    /** Fails if anything was published twice, or left out, or is in the sender's ledger and was not received. */
    void check() {
        checkTwice();
        checkHoles();
        checkLedger();
    }

    /**
     * Only an agent that was killed may repeat something after its restart, because it saves its position every few
     * seconds.
     */
    private void checkTwice() {
        Map<String, Integer> runs = new HashMap<>();
        for (Line line : told) {
            Integer before = runs.put(line.place(), line.run());
            if (before != null && (before == line.run() || !listener.killed().contains(before))) {
                throw new AssertionError(
                        listener + " was told twice, in its runs " + before + " and " + line.run() + ": " + line);
            }
        }
    }

    private void checkHoles() {
        SortedMap<Long, TreeSet<Long>> epochs = new TreeMap<>();
        told.stream()
                .filter(Line::isCopy)
                .forEach(line -> epochs.computeIfAbsent(line.epoch(), epoch -> new TreeSet<>())
                        .add(line.number()));
        epochs.forEach((epoch, sequences) -> assertThat(sequences)
                .as("sequences that %s was told of epoch %d of %s", listener, epoch, sender)
                .hasSize(sequences.last().intValue()));
    }

    /**
     * A restarted agent may get as an entry what its former run got as a copy, if that run ended before it learnt
     * that this was on disk: it saves only the positions of what it received, not the contents.
     */
    private void checkLedger() {
        Map<String, Long> written = sender.agent().ledger().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.kind() + " " + entry.subject(), TreeMap::new, Collectors.counting()));
        Map<String, Line> places = new TreeMap<>();
        told.stream().filter(Line::kept).forEach(line -> places.put(line.place(), line));
        Map<String, Long> heard = places.values().stream()
                .filter(line -> line.isCopy() || !wasCopiedBefore(line))
                .collect(Collectors.groupingBy(Line::what, TreeMap::new, Collectors.counting()));
        if (!heard.equals(written)) {
            throw new AssertionError(
                    "what %s was told of %s is not what that one wrote: written so often %s, told so often %s"
                            .formatted(listener, sender, less(written, heard), less(heard, written)));
        }
    }

    private boolean wasCopiedBefore(Line entry) {
        return told.stream()
                .anyMatch(line -> line.isCopy()
                        && line.run() < entry.run()
                        && line.what().equals(entry.what())
                        && Duration.between(Instant.parse(line.time()), Instant.parse(entry.time()))
                                        .abs()
                                        .toMillis()
                                < SAME_MS);
    }

    private static Map<String, Long> less(Map<String, Long> all, Map<String, Long> other) {
        Map<String, Long> rest = new TreeMap<>(all);
        rest.entrySet().removeAll(other.entrySet());
        return rest;
    }
}
