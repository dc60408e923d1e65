// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.opdbus.agent.SiblingTail.Line;
import org.opdbus.ledger.Entry;

/** Compares what one host was told of another with what that one has written. */
final class Account {
    private final WireHost listener;
    private final WireHost sender;
    private final List<Line> told;

    /** An account of now. */
    Account(WireHost listener, WireHost sender) {
        this.listener = listener;
        this.sender = sender;
        told = listener.tail.lines().stream()
                .filter(line -> line.host().equals(sender.name))
                .toList();
    }

    /** Fails if anything was told twice, or left out, or is in the sender's ledger and not told. */
    void check() {
        checkTwice();
        checkHoles();
        checkLedger();
    }

    /**
     * Only an agent that was killed may tell something again when it is back: it keeps how far it has come every few
     * seconds.
     */
    private void checkTwice() {
        Map<String, Integer> runs = new HashMap<>();
        for (Line line : told) {
            Integer before = runs.put(line.place(), line.run());
            if (before != null && (before == line.run() || !listener.killed().contains(before))) {
                throw new AssertionError(listener + " was told twice, in its runs " + before + " and " + line.run()
                        + ": " + line);
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

    private void checkLedger() {
        Map<String, Long> written = sender.agent().ledger().stream()
                .collect(Collectors.groupingBy(Account::what, TreeMap::new, Collectors.counting()));
        Map<String, Line> places = new HashMap<>();
        told.stream().filter(Line::kept).forEach(line -> places.put(line.place(), line));
        Map<String, Long> heard = places.values().stream()
                .collect(Collectors.groupingBy(
                        line -> line.kind() + " " + line.subject(), TreeMap::new, Collectors.counting()));
        if (!heard.equals(written)) {
            throw new AssertionError("what %s was told of %s is not what that one wrote: written so often %s, told so often %s"
                    .formatted(listener, sender, less(written, heard), less(heard, written)));
        }
    }

    private static String what(Entry entry) {
        return entry.kind() + " " + entry.subject();
    }

    private static Map<String, Long> less(Map<String, Long> all, Map<String, Long> other) {
        Map<String, Long> rest = new TreeMap<>(all);
        rest.entrySet().removeAll(other.entrySet());
        return rest;
    }
}
