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
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.ledger.EventFilterOptions;
import org.opdbus.agent.cli.ledger.LedgerPoint;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerFollower;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.control.EventFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "events",
        description = {
            "Prints the events on the agent's bus as they occur.",
            "With --since, it first prints the earlier events that the ledger has recorded, and "
                    + "then continues with the live events, without a gap.",
            "A reader that is too slow misses events; a line of the kind events.missed says how "
                    + "many. \"op-dbus ledger tail -f\" misses none.",
            "With --all-hosts, it prints the events of every host of the cluster, each with its "
                    + "host. If another host's agent can no longer send some events, a line of the kind "
                    + "events.missed says so, and the events that its ledger has recorded follow. For other "
                    + "hosts, --since begins with what this host's agent still holds in memory (the last "
                    + "few thousand events); a HEIGHT is a height of this host's ledger."
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
            description = "Continue until interrupted.")
    private boolean follow;

    @Option(
            names = "--since",
            paramLabel = "HEIGHT|TIME",
            converter = LedgerPoint.Converter.class,
            description = "Begin at this height of the ledger, or at this time: " + LedgerPoint.TIME_FORMS + ".")
    private @Nullable LedgerPoint since;

    @Mixin
    private final AllHostsOption allHosts = new AllHostsOption();

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    @Override
    protected int run() {
        LedgerPoint from = since;
        if (!follow && from == null) {
            throw new CannotRunException("the agent does not keep events: follow them with -f, or give --since to see "
                    + "the recorded ones");
        }
        EventFilter filter = options.filter();
        ResultStream out = out();
        EventPrinter printer = new EventPrinter(out, json, allHosts.isGiven());
        if (!follow && !allHosts.isGiven()) {
            printRecorded(from, Long.MAX_VALUE, filter, printer::print);
            out.flush();
            return ExitStatus.DONE;
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
                return ExitStatus.DONE;
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
        // Set before the agent is asked, in case nothing was recorded since it was started.
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

    /** Prints the recorded entries from there up to this height. */
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
