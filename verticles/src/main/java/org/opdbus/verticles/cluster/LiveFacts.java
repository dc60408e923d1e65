// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.verticles.cluster.wire.JsonSize;
import org.opdbus.verticles.cluster.wire.LiveFact;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.Wire;

/**
 * The facts of this host that are not recorded, until they are sent. Entries carry the recorded ones, and {@code
 * entry.committed} says only that there is an entry.
 *
 * <p>Overflow rule: at most {@value #FACTS_MAX} facts and {@value #BYTES_MAX} bytes wait; the oldest is dropped. A fact
 * over {@value Wire#ONE_BYTES_MAX} bytes is sent without its data, with the number of bytes that were left out.
 * Appending takes the same short time whatever happens to the peers, and makes no JSON. Safe for use by any thread.
 */
final class LiveFacts {
    static final int FACTS_MAX = 4_096;
    static final int BYTES_MAX = 4 << 20;

    private static final int FRAME_BYTES = 128;
    private static final int AT_ONCE = 256;
    private static final int SUBJECT_LENGTH_MAX = 256;

    private final String host;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    /** The number of the first one that waits. */
    private long first = 1;

    private record Waiting(Instant time, Event event, String subject, Map<String, Object> cut, long size) {
        private LiveFact fact() {
            return new LiveFact(time, event.kind(), subject, new JsonObject(cut.isEmpty() ? event.data() : cut));
        }
    }

    LiveFacts(String host) {
        this.host = host;
    }

    /** Notes a fact of this host; returns whether it waits now. */
    boolean append(Event event, Instant now) {
        if (event.recorded() || event instanceof EntryCommitted) {
            return false;
        }
        String subject = JsonSize.clipped(event.subject(), SUBJECT_LENGTH_MAX);
        long size = FRAME_BYTES + event.kind().length() + JsonSize.ofText(subject) + JsonSize.of(event.data());
        Map<String, Object> cut = Map.of();
        if (size > Wire.ONE_BYTES_MAX) {
            // 0 means that it is not too large, but cannot be written.
            cut = Map.of(LiveFact.LEFT_OUT, size < JsonSize.UNWRITABLE ? size : 0);
            size = 2 * FRAME_BYTES;
        }
        append(new Waiting(now, event, subject, cut, size));
        return true;
    }

    private synchronized void append(Waiting fact) {
        waiting.addLast(fact);
        bytes += fact.size();
        while (waiting.size() > FACTS_MAX || bytes > BYTES_MAX) {
            take();
        }
    }

    private Waiting take() {
        Waiting taken = waiting.removeFirst();
        bytes -= taken.size();
        first++;
        return taken;
    }

    /** Takes as many as one message holds; empty if none waits. */
    Optional<Message.LiveFacts> next(long run) {
        List<Waiting> taken = new ArrayList<>();
        long number;
        synchronized (this) {
            number = first;
            long room = Wire.BATCH_BYTES_MAX;
            while (!waiting.isEmpty()
                    && taken.size() < AT_ONCE
                    && (taken.isEmpty() || waiting.getFirst().size() <= room)) {
                Waiting fact = take();
                room -= fact.size();
                taken.add(fact);
            }
        }
        return taken.isEmpty()
                ? Optional.empty()
                : Optional.of(new Message.LiveFacts(
                        host, run, number, taken.stream().map(Waiting::fact).toList()));
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }
}
