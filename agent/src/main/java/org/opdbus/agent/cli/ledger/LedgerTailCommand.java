// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.Arguments;
import org.opdbus.agent.cli.command.CommandContext;
import org.opdbus.agent.cli.command.CommandText;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.command.WholeNumber;
import org.opdbus.agent.cli.output.UsageException;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.control.EventFilter;

/** {@code op-dbus ledger tail}. */
final class LedgerTailCommand implements DescribedCommand {
    private static final long COUNT_DEFAULT = 10;

    private static final OptionText FOLLOW = OptionText.flag("Continue until interrupted.", "-f", "--follow");

    private static final OptionText COUNT = OptionText.value(
            "N",
            new WholeNumber(),
            "The number of latest entries to print (default: " + COUNT_DEFAULT + ").",
            "-n",
            "--lines",
            "-l",
            "--limit");

    private static final OptionText SINCE = OptionText.value(
            "HEIGHT|TIME",
            new LedgerPoint.Form(),
            "Begin at this height, or at the entries recorded at this time or later: " + LedgerPoint.TIME_FORMS + ".",
            "--since");

    private static final OptionText JSON =
            OptionText.flag("Print entries as they are on disk, one JSON object per line.", "--json");

    private static final CommandText TEXT = new CommandText(
            List.of("tail", "list"),
            List.of(
                    "Prints the last entries; with -f it continues with new entries as they are recorded.",
                    "With -f --all-hosts it also prints what every other host of the cluster records from "
                            + "then on, each entry with its host. The agent of this host fetches these entries "
                            + "unchanged, and checks their hashes and that each entry continues the one before. -n "
                            + "and --since apply to this host's own ledger."),
            List.of(FOLLOW, COUNT, SINCE, AllHostsOption.TEXT, EventFilterOptions.TEXT, JSON),
            List.of(
                    "  op-dbus ledger tail -n 50",
                    "  op-dbus ledger tail -f --json | jq 'select(.kind == \"container.enrolled\")'",
                    "  op-dbus ledger tail -f --since 1200",
                    "  op-dbus ledger tail -f -n 0 --all-hosts",
                    "  op-dbus ledger tail -f --filter kind=container.*,container=100",
                    "  op-dbus ledger tail --since 2h"));

    @Override
    public CommandText text() {
        return TEXT;
    }

    @Override
    public int run(CommandContext context, Arguments given) {
        LedgerTail.Choice choice = choice(given);
        return LedgerAnswer.of(context.out(), context.err(), out -> {
            Path dir = given.has(LedgerGroup.DIR)
                    ? Path.of(given.value(LedgerGroup.DIR).orElseThrow())
                    : context.config().ledger().dir();
            LedgerReader reader = LedgerReader.of(dir);
            EventFilter filter = EventFilterOptions.filter(given);
            EntryPrinter printer = new EntryPrinter(
                    out, given.has(JSON), filter, choice.allHosts().isGiven());
            return new LedgerTail(context, choice, reader, new LedgerTail.Output(out, printer, filter)).run();
        });
    }

    private static LedgerTail.Choice choice(Arguments given) {
        Optional<Long> count = given.value(COUNT).map(Long::valueOf);
        Optional<LedgerPoint> since = given.value(SINCE).map(LedgerPoint::of);
        boolean isWithAllHosts = given.has(AllHostsOption.TEXT);
        if (count.isPresent() && since.isPresent()) {
            throw new UsageException("-n and --since exclude each other");
        }
        if (count.orElse(0L) < 0) {
            throw new UsageException("-n must not be negative");
        }
        if (isWithAllHosts && !(given.has(FOLLOW) && !given.has(LedgerGroup.DIR))) {
            throw new UsageException("--all-hosts needs -f and excludes --dir: what other hosts recorded earlier "
                    + "is in their own ledgers");
        }
        return new LedgerTail.Choice(given.has(FOLLOW), count.orElse(COUNT_DEFAULT), since, AllHostsOption.of(given));
    }
}
