// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
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
                    + " ledger tail -f\" misses none.",
            "With --all-hosts, those of every host of the cluster, each with its host. What another host's agent could not"
                    + " send again is one line of the kind events.missed, and what its ledger kept of that follows. --since"
                    + " then begins, as to other hosts, with what this host's agent still holds in memory, the last few"
                    + " thousand; a HEIGHT is one of this host's ledger."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus events -f",
            "  op-dbus events -f --filter kind=container.*,container=100",
            "  op-dbus events -f --since 15m",
            "  op-dbus events -f --all-hosts --filter kind=container.*",
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

    @Mixin
    private final AllHostsOption allHosts = new AllHostsOption();

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
        EventPrinter printer = new EventPrinter(out, json, allHosts.isGiven());
        if (!follow && !allHosts.isGiven()) {
            printRecorded(from, Long.MAX_VALUE, filter, printer::print);
            out.flush();
            return CommandLineProgram.DONE;
        }
        try (ControlClient agent = ControlClient.require(config().runtime().controlSocket())) {
            boolean ofOthers = allHosts.reachesOthers(agent, err());
            HeldEvents held = ofOthers && from != null ? HeldEvents.of(agent, from, filter) : HeldEvents.none();
            Consumer<Entry> recorded = entry -> {
                held.before(entry.time(), printer::print);
                printer.print(entry);
            };
            if (!follow) {
                printRecorded(from, Long.MAX_VALUE, filter, recorded);
                held.before(Instant.MAX, printer::print);
                out.flush();
                return CommandLineProgram.DONE;
            }
            ObjectNode question = EventFilterOptions.json(filter);
            if (ofOthers) {
                question.put("all_hosts", true).put("from", held.next());
            }
            follow(
                    agent,
                    question,
                    begun -> {
                        printRecorded(from, begun, filter, recorded);
                        held.before(Instant.MAX, printer::print);
                    },
                    printer,
                    out);
        }
        throw new CannotRunException("the agent has stopped");
    }

    private void follow(
            ControlClient agent, ObjectNode question, LongConsumer printPast, EventPrinter printer, ResultStream out) {
        // Known before the agent is asked, in case that nothing has been recorded since it was started.
        long before = since == null ? 0 : last();
        JsonNode begun = agent.call("events", question);
        if (since != null) {
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
