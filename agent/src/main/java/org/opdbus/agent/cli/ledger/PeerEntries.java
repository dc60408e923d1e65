// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.JsonCopy;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.verticles.control.EventFilter;

/** Receives from the agent, on a thread of its own, what other hosts write into their ledgers. */
final class PeerEntries implements AutoCloseable {
    private final ControlClient agent;
    private final AtomicReference<RuntimeException> ended = new AtomicReference<>();

    private PeerEntries(ControlClient agent) {
        this.agent = agent;
    }

    /** Subscribes: the agent sends from now on. Reading starts with {@link #begin}. */
    static PeerEntries of(ControlClient agent, EventFilter filter) {
        String unused = agent.ask("entries", List.of(EventFilterOptions.request(filter)), JsonCopy::compact);
        return new PeerEntries(agent);
    }

    /**
     * Begins to read.
     *
     * @param print receives each entry on a separate thread; its hash was checked again
     * @param missed receives the number of entries that could not be sent because they were read
     * too slowly
     */
    void begin(Consumer<Entry> print, LongConsumer missed) {
        Thread thread = new Thread(
                () -> {
                    try {
                        read(print, missed);
                    } catch (RuntimeException e) {
                        ended.set(e);
                    }
                },
                "op-dbus-peers");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Consumer<Entry> print, LongConsumer missed) {
        for (Optional<Map<String, Object>> next = agent.next(JsonText::map);
                next.isPresent();
                next = agent.next(JsonText::map)) {
            if (next.get().get("line") instanceof String line) {
                print.accept(EntryFormat.parse(line.getBytes(StandardCharsets.UTF_8)));
            } else if (next.get().get("data") instanceof Map<?, ?> data && data.get("count") instanceof Long count) {
                missed.accept(count);
            }
        }
        throw new CannotRunException("the agent has stopped");
    }

    /** Throws the error that has ended the reading, if any. */
    void check() {
        RuntimeException why = ended.get();
        if (why != null) {
            throw why;
        }
    }

    @Override
    public void close() {
        agent.close();
    }
}
