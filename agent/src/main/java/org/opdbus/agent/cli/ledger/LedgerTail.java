// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.CommandContext;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerFollower;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.control.EventFilter;

/** One run of {@code op-dbus ledger tail}: prints the last entries of a ledger and follows it. */
final class LedgerTail {
    /** The length of one wait; the next begins after it. */
    private static final Duration WAIT = Duration.ofHours(1);
    /** The interval at which the command checks whether other hosts can still be heard. */
    private static final Duration WAIT_WITH_OTHERS = Duration.ofSeconds(1);

    private final CommandContext context;
    private final Choice choice;
    private final LedgerReader reader;
    private final ResultStream out;
    private final EntryPrinter printer;
    private final EventFilter filter;

    /**
     * What the user wants to see.
     *
     * @param count the number of latest entries, if there is no {@code since}
     */
    record Choice(boolean follow, long count, Optional<LedgerPoint> since, AllHostsOption allHosts) {}

    /** Where entries go, and which. */
    record Output(ResultStream out, EntryPrinter printer, EventFilter filter) {}

    LedgerTail(CommandContext context, Choice choice, LedgerReader reader, Output output) {
        this.context = context;
        this.choice = choice;
        this.reader = reader;
        out = output.out();
        printer = output.printer();
        filter = output.filter();
    }

    /** Prints the entries and returns the exit status; if the user wants to follow, returns only by an exception. */
    int run() throws InterruptedException {
        if (choice.allHosts().isGiven()) {
            ControlClient agent =
                    ControlClient.require(context.config().runtime().controlSocket());
            try (agent) {
                if (choice.allHosts().reachesOthers(agent, context.err())) {
                    followAll(agent);
                    return ExitStatus.DONE;
                }
            }
        }
        long height = printPast();
        if (choice.follow()) {
            follow(height, WAIT, () -> {});
        }
        if (!printer.hasPrinted()) {
            context.say("nothing recorded" + (choice.since().isEmpty() ? "" : " since then"));
        }
        return ExitStatus.DONE;
    }

    /** Prints the present entries and returns the height of the last one read. */
    private long printPast() throws InterruptedException {
        // Read first: following prints what is recorded while the rest is read.
        long last = reader.last().map(Entry::height).orElse(0L);
        if (choice.since().isEmpty()) {
            printLast();
            return Math.max(last, printer.lastHeight());
        }
        LedgerPoint from = choice.since().get();
        if (from.time().isPresent()) {
            reader.search(EntryFilter.ALL.withSince(from.time().get()), printer::print);
        } else {
            long before = Math.max(0, from.height() - 1);
            printHeights(before, last);
            last = Math.max(last, before);
        }
        return Math.max(last, printer.lastHeight());
    }

    private void printLast() {
        if (printer.wantsAll()) {
            reader.tail(choice.count(), printer::print);
            return;
        }
        Deque<Entry> last = new ArrayDeque<>();
        reader.search(EntryFilter.ALL, entry -> {
            if (printer.wants(entry)) {
                last.add(entry);
                if (last.size() > choice.count()) {
                    last.remove();
                }
            }
        });
        last.forEach(printer::print);
    }

    private void printHeights(long after, long last) throws InterruptedException {
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

    private void followAll(ControlClient agent) throws InterruptedException {
        // Asked first, so that what other hosts record while this ledger is printed follows
        // afterwards.
        try (PeerEntries peers = PeerEntries.of(agent, filter)) {
            long height = printPast();
            peers.begin(
                    entry -> {
                        synchronized (out) {
                            printer.print(entry);
                            out.flush();
                        }
                    },
                    count -> context.say(
                            count + " entries of other hosts were not read in time and are not shown; their ledgers"
                                    + " have them"));
            follow(height, WAIT_WITH_OTHERS, peers::check);
        }
    }

    private void follow(long after, Duration wait, Runnable check) throws InterruptedException {
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
