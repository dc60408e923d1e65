// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFilter;
import org.opdbus.ledger.LedgerFollower;
import org.opdbus.ledger.LedgerReader;
import org.opdbus.verticles.control.EventFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "events",
        description = {
            "Prints the events on the agent's bus as they come.",
            "With --since, first those that happened before, of which only what is recorded is left; then what follows,"
                    + " without a gap between the two.",
            "Whoever reads too slowly misses events and is told how many: a line of the kind events.missed. \"op-dbus"
                    + " ledger tail -f\" misses none."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus events -f",
            "  op-dbus events -f --filter kind=container.*,container=100",
            "  op-dbus events -f --since 15m",
            "  op-dbus events -f --json | jq 'select(.kind == \"container.enrolled\")'"
        })
final class EventsCommand extends HostTask {
    @Mixin
    private final EventFilterOptions options = new EventFilterOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted.")
    private boolean follow;

    @Option(
            names = "--since",
            paramLabel = "HEIGHT|TIME",
            converter = LedgerPoint.Converter.class,
            description = "Begin with what was recorded from this height of the ledger on, or then or later: "
                    + LedgerPoint.TIME_FORMS + ".")
    private @Nullable LedgerPoint since;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Override
    int run() {
        LedgerPoint from = since;
        if (!follow && from == null) {
            throw new CannotRunException(
                    "events are not kept: follow them with -f, or say --since when, for those that" + " are recorded");
        }
        EventFilter filter = options.filter();
        ResultStream out = out();
        EventPrinter printer = new EventPrinter(out, json);
        if (!follow) {
            printRecorded(from, Long.MAX_VALUE, filter, printer::print);
            out.flush();
            return CommandLineProgram.DONE;
        }
        try (ControlClient agent = ControlClient.require(config().runtime().controlSocket())) {
            // Known before the agent is asked, in case that nothing has been recorded since it was started.
            long before = from == null ? 0 : last();
            JsonNode begun = agent.call("events", EventFilterOptions.json(filter));
            if (from != null) {
                printRecorded(from, begun.path("height").asLong(before), filter, printer::print);
                begun.path("events").forEach(printer::print);
            }
            out.flush();
            for (Optional<JsonNode> event = agent.next(); event.isPresent(); event = agent.next()) {
                printer.print(event.get());
                out.flush();
            }
        }
        throw new CannotRunException("the agent has stopped");
    }

    private LedgerReader ledger() {
        return LedgerReader.of(config().ledger().dir());
    }

    private long last() {
        return ledger().last().map(Entry::height).orElse(0L);
    }

    /** What is recorded from there up to this height. */
    private void printRecorded(@Nullable LedgerPoint from, long upTo, EventFilter filter, Consumer<Entry> print) {
        if (from == null) {
            return;
        }
        Consumer<Entry> wanted = entry -> {
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
