// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.CannotRunException;
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
        agent.call("entries", EventFilterOptions.json(filter));
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
        for (Optional<JsonNode> next = agent.next(); next.isPresent(); next = agent.next()) {
            if (next.get().hasNonNull("line")) {
                byte[] line = next.get().get("line").textValue().getBytes(StandardCharsets.UTF_8);
                print.accept(EntryFormat.parse(line));
            } else {
                missed.accept(next.get().at("/data/count").asLong());
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
