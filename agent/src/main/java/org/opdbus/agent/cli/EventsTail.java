// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

    private EventFilter filter;

    EventsTail(CommandContext context, Choice choice, ResultStream out, EventPrinter printer) {
        filter = choice.filter();
        this.context = context;
        this.choice = choice;
        this.out = out;
        this.printer = printer;
    }

    /** Prints the events; if the user wants to follow, returns only by an exception. */
    void run() {
        if (!choice.follow() && !choice.allHosts().isGiven()) {
            printRecorded(Long.MAX_VALUE, entry -> printer.print(ShownEvent.of(entry)));
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
            Map<String, Object> question = EventFilterOptions.request(choice.filter());
            if (ofOthers) {
                question.put("all_hosts", true);
                question.put("from", held.next());
            }
            follow(agent, question, begun -> printPast(held, begun));
        }
        throw new CannotRunException("the agent has stopped");
    }

    /** Prints the recorded entries up to this height, and the held events of other hosts among them. */
    private void printPast(HeldEvents held, long upTo) {
        printRecorded(upTo, entry -> {
            held.before(entry.time(), printer::print);
            printer.print(ShownEvent.of(entry));
        });
        held.before(Instant.MAX, printer::print);
    }

    private void follow(ControlClient agent, Map<String, Object> question, LongConsumer printPast) {
        // Set before the agent is asked, in case nothing was recorded since it was started.
        long before = choice.since().isEmpty() ? 0 : last();
        Begun begun = agent.ask("events", List.of(question), Begun::read);
        if (choice.since().isPresent()) {
            printPast.accept(begun.height().orElse(before));
            begun.events().forEach(printer::print);
        }
        out.flush();
        for (Optional<ShownEvent> event = agent.next(ShownEvent::read);
                event.isPresent();
                event = agent.next(ShownEvent::read)) {
            printer.print(event.get());
            out.flush();
        }
    }

    /**
     * What the agent says before it sends live events.
     *
     * @param height the ledger's height where the live events begin, if it has recorded any
     * @param events what happened after that height and before the live events
     */
    private record Begun(OptionalLong height, List<ShownEvent> events) {
        static Begun read(JsonParser at) throws IOException {
            OptionalLong height = OptionalLong.empty();
            List<ShownEvent> events = new ArrayList<>();
            while (at.nextToken() == JsonToken.FIELD_NAME) {
                String member = at.currentName();
                JsonToken value = at.nextToken();
                if (value == JsonToken.VALUE_NUMBER_INT && member.equals("height")) {
                    height = OptionalLong.of(at.getLongValue());
                } else if (value == JsonToken.START_ARRAY && member.equals("events")) {
                    ShownEvent.readEach(at, events::add);
                } else {
                    at.skipChildren();
                }
            }
            return new Begun(height, events);
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
            filter = filter.knowing(entry.subject(), entry.data());
            if (entry.height() <= upTo && filter.accepts(entry.kind(), entry.subject())) {
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
