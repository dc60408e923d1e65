// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerFollower;
import org.opdbus.ledger.read.LedgerReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "tail",
        aliases = "list",
        description = {
            "Prints the last entries; with -f it continues with new entries as they are recorded.",
            "With -f --all-hosts it also prints what every other host of the cluster records from "
                    + "then on, each entry with its host. The agent of this host fetches these entries "
                    + "unchanged, and checks their hashes and that each entry continues the one before. -n "
                    + "and --since apply to this host's own ledger."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus ledger tail -n 50",
            "  op-dbus ledger tail -f --json | jq 'select(.kind == \"container.enrolled\")'",
            "  op-dbus ledger tail -f --since 1200",
            "  op-dbus ledger tail -f -n 0 --all-hosts",
            "  op-dbus ledger tail -f --filter kind=container.*,container=100",
            "  op-dbus ledger tail --since 2h"
        })
final class LedgerTailCommand extends LedgerTask {
    private static final long COUNT_DEFAULT = 10;
    /** The length of one wait; the next begins after it. */
    private static final Duration WAIT = Duration.ofHours(1);
    /** The interval at which the command checks whether other hosts can still be heard. */
    private static final Duration WAIT_WITH_OTHERS = Duration.ofSeconds(1);

    @Option(
            names = {"-f", "--follow"},
            description = "Continue until interrupted.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines", "-l", "--limit"},
            paramLabel = "N",
            description = "The number of latest entries to print (default: " + COUNT_DEFAULT + ").")
    private @Nullable Long count;

    @Option(
            names = "--since",
            paramLabel = "HEIGHT|TIME",
            converter = LedgerPoint.Converter.class,
            description = "Begin at this height, or at the entries recorded at this time or " + "later: "
                    + LedgerPoint.TIME_FORMS + ".")
    private @Nullable LedgerPoint since;

    @Mixin
    private final AllHostsOption allHosts = new AllHostsOption();

    @Mixin
    private final EventFilterOptions options = new EventFilterOptions();

    @Option(names = "--json", description = "Print entries as they are on disk, one JSON object " + "per line.")
    private boolean json;

    @Override
    int run(ResultStream out) throws InterruptedException {
        if (count != null && since != null) {
            throw usage("-n and --since exclude each other");
        }
        if (count != null && count < 0) {
            throw usage("-n must not be negative");
        }
        if (allHosts.isGiven() && !(follow && config().isPresent())) {
            throw usage("--all-hosts needs -f and excludes --dir: what other hosts recorded earlier "
                    + "is in their own ledgers");
        }
        LedgerReader reader = LedgerReader.of(dir());
        EntryPrinter printer = new EntryPrinter(out, json, options.filter(), allHosts.isGiven());
        if (allHosts.isGiven()) {
            ControlClient agent =
                    ControlClient.require(config().orElseThrow().runtime().controlSocket());
            try (agent) {
                if (allHosts.reachesOthers(agent, err())) {
                    followAll(agent, reader, printer, out);
                    return ExitStatus.DONE;
                }
            }
        }
        long height = printPast(reader, printer);
        if (follow) {
            follow(reader, height, WAIT, printer, out, () -> {});
        }
        if (!printer.hasPrinted()) {
            say("nothing recorded" + (since == null ? "" : " since then"));
        }
        return ExitStatus.DONE;
    }

    /** Prints the present entries and returns the height of the last one read. */
    private long printPast(LedgerReader reader, EntryPrinter printer) throws InterruptedException {
        // Read first: following prints what is recorded while the rest is read.
        long last = reader.last().map(Entry::height).orElse(0L);
        LedgerPoint from = since;
        if (from == null) {
            printLast(reader, count == null ? COUNT_DEFAULT : count, printer);
        } else if (from.time().isPresent()) {
            reader.search(EntryFilter.ALL.withSince(from.time().get()), printer::print);
        } else {
            long before = Math.max(0, from.height() - 1);
            printHeights(reader, before, last, printer);
            last = Math.max(last, before);
        }
        return Math.max(last, printer.lastHeight());
    }

    private static void printLast(LedgerReader reader, long count, EntryPrinter printer) {
        if (printer.wantsAll()) {
            reader.tail(count, printer::print);
            return;
        }
        Deque<Entry> last = new ArrayDeque<>();
        reader.search(EntryFilter.ALL, entry -> {
            if (printer.wants(entry)) {
                last.add(entry);
                if (last.size() > count) {
                    last.remove();
                }
            }
        });
        last.forEach(printer::print);
    }

    private static void printHeights(LedgerReader reader, long after, long last, EntryPrinter printer)
            throws InterruptedException {
        if (after >= last) {
            return;
        }
        try (LedgerFollower follower = reader.follow(after)) {
            Optional<Entry> next = follower.next(Duration.ZERO);
            while (next.isPresent()) {
                printer.print(next.get());
                next = printer.lastHeight() < last ? follower.next(Duration.ZERO) : Optional.empty();
            }
        }
    }

    private void followAll(ControlClient agent, LedgerReader reader, EntryPrinter printer, ResultStream out)
            throws InterruptedException {
        // Asked first, so that what other hosts record while this ledger is printed follows
        // afterwards.
        try (PeerEntries siblings = PeerEntries.of(agent, options.filter())) {
            long height = printPast(reader, printer);
            siblings.begin(
                    entry -> {
                        synchronized (out) {
                            printer.print(entry);
                            out.flush();
                        }
                    },
                    count ->
                            say(count + " entries of other hosts were not read in time and are not shown; their ledgers"
                                    + " have them"));
            follow(reader, height, WAIT_WITH_OTHERS, printer, out, siblings::check);
        }
    }

    private static void follow(
            LedgerReader reader, long after, Duration wait, EntryPrinter printer, ResultStream out, Runnable check)
            throws InterruptedException {
        try (LedgerFollower follower = reader.follow(after)) {
            while (true) {
                Optional<Entry> next = follower.next(Duration.ZERO);
                if (next.isEmpty()) {
                    // Printed as soon as there are no more entries to print with it.
                    synchronized (out) {
                        out.flush();
                    }
                    check.run();
                    next = follower.next(wait);
                }
                if (next.isPresent()) {
                    synchronized (out) {
                        printer.print(next.get());
                    }
                }
            }
        }
    }
}
