// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.CommandContext;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.ledger.EventFilterOptions;
import org.opdbus.agent.cli.ledger.LedgerPoint;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerFollower;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.control.EventFilter;

/** One run of {@code op-dbus events}: prints recorded events, and then those that the agent sends. */
final class EventsTail {
    private final CommandContext context;
    private final Choice choice;
    private final ResultStream out;
    private final EventPrinter printer;

    /**
     * What the user wants to see.
     *
     * @param since where to begin; required if {@code follow} is not set
     */
    record Choice(boolean follow, Optional<LedgerPoint> since, EventFilter filter, AllHostsOption allHosts) {}

    EventsTail(CommandContext context, Choice choice, ResultStream out, EventPrinter printer) {
        this.context = context;
        this.choice = choice;
        this.out = out;
        this.printer = printer;
    }

    /** Prints the events; if the user wants to follow, returns only by an exception. */
    void run() {
        if (!choice.follow() && !choice.allHosts().isGiven()) {
            printRecorded(Long.MAX_VALUE, printer::print);
            out.flush();
            return;
        }
        try (ControlClient agent =
                ControlClient.require(context.config().runtime().controlSocket())) {
            boolean ofOthers = choice.allHosts().reachesOthers(agent, context.err());
            HeldEvents held = ofOthers && choice.since().isPresent()
                    ? HeldEvents.of(agent, choice.since().get(), choice.filter())
                    : HeldEvents.none();
            if (!choice.follow()) {
                printPast(held, Long.MAX_VALUE);
                out.flush();
                return;
            }
            ObjectNode question = EventFilterOptions.json(choice.filter());
            if (ofOthers) {
                question.put("all_hosts", true).put("from", held.next());
            }
            follow(agent, question, begun -> printPast(held, begun));
        }
        throw new CannotRunException("the agent has stopped");
    }

    /** Prints the recorded entries up to this height, and the held events of other hosts among them. */
    private void printPast(HeldEvents held, long upTo) {
        printRecorded(upTo, entry -> {
            held.before(entry.time(), printer::print);
            printer.print(entry);
        });
        held.before(Instant.MAX, printer::print);
    }

    private void follow(ControlClient agent, ObjectNode question, LongConsumer printPast) {
        // Set before the agent is asked, in case nothing was recorded since it was started.
        long before = choice.since().isEmpty() ? 0 : last();
        JsonNode begun = agent.call("events", question);
        if (choice.since().isPresent()) {
            printPast.accept(begun.path("height").asLong(before));
            begun.path("events").forEach(printer::print);
        }
        out.flush();
        for (Optional<JsonNode> event = agent.next(); event.isPresent(); event = agent.next()) {
            printer.print(event.get());
            out.flush();
        }
    }

    private LedgerReader ledger() {
        return LedgerReader.of(context.config().ledger().dir());
    }

    private long last() {
        return ledger().last().map(Entry::height).orElse(0L);
    }

    /** Prints the recorded entries from where the user wants to begin up to this height. */
    private void printRecorded(long upTo, Consumer<Entry> print) {
        if (choice.since().isEmpty()) {
            return;
        }
        LedgerPoint from = choice.since().get();
        Consumer<Entry> wanted = entry -> {
            if (entry.height() <= upTo && choice.filter().accepts(entry.kind(), entry.subject())) {
                print.accept(entry);
            }
        };
        try {
            if (from.time().isPresent()) {
                ledger().search(EntryFilter.ALL.withSince(from.time().get()), wanted);
            } else {
                each(from.height(), upTo, wanted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRunException("interrupted", e);
        }
    }

    private void each(long from, long upTo, Consumer<Entry> print) throws InterruptedException {
        try (LedgerFollower follower = ledger().follow(Math.max(0, from - 1))) {
            long at = 0;
            for (Optional<Entry> next = follower.next(Duration.ZERO);
                    next.isPresent() && at < upTo;
                    next = follower.next(Duration.ZERO)) {
                at = next.get().height();
                print.accept(next.get());
            }
        }
    }
}
