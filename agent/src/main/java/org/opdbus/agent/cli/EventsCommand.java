// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.List;
import java.util.Optional;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.Arguments;
import org.opdbus.agent.cli.command.CommandContext;
import org.opdbus.agent.cli.command.CommandText;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.ledger.EventFilterOptions;
import org.opdbus.agent.cli.ledger.LedgerPoint;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.verticles.control.EventFilter;

/** {@code op-dbus events}. */
final class EventsCommand implements DescribedCommand {
    private static final OptionText FOLLOW = OptionText.flag("Continue until interrupted.", "-f", "--follow");

    private static final OptionText SINCE = OptionText.value(
            "HEIGHT|TIME",
            new LedgerPoint.Form(),
            "Begin at this height of the ledger, or at this time: " + LedgerPoint.TIME_FORMS + ".",
            "--since");

    private static final OptionText JSON = OptionText.flag("Print one JSON object per line.", "--json");

    private static final CommandText TEXT = new CommandText(
            List.of("events"),
            List.of(
                    "Prints the events on the agent's bus as they occur.",
                    "With --since, it first prints the earlier events that the ledger has recorded, and "
                            + "then continues with the live events, without a gap.",
                    "A reader that is too slow misses events; a line of the kind events.missed says how "
                            + "many. \"op-dbus ledger tail -f\" misses none.",
                    "With --all-hosts, it prints the events of every host of the cluster, each with its "
                            + "host. A recorded event of another host comes exactly once, as its ledger entry, with "
                            + "its height in JSON; any other event comes at most once, marked live. For other "
                            + "hosts, --since begins with what this host's agent still holds in memory (the last "
                            + "few thousand events); a HEIGHT is a height of this host's ledger."),
            List.of(EventFilterOptions.TEXT, FOLLOW, SINCE, AllHostsOption.TEXT, JSON),
            List.of(
                    "  op-dbus events -f",
                    "  op-dbus events -f --filter kind=container.*,container=100",
                    "  op-dbus events -f --since 15m",
                    "  op-dbus events -f --all-hosts --filter kind=container.*",
                    "  op-dbus events -f --json | jq 'select(.kind == \"container.enrolled\")'"));

    @Override
    public CommandText text() {
        return TEXT;
    }

    @Override
    public int run(CommandContext context, Arguments given) {
        Optional<LedgerPoint> since = given.value(SINCE).map(LedgerPoint::of);
        boolean follow = given.has(FOLLOW);
        if (!follow && since.isEmpty()) {
            throw new CannotRunException("the agent does not keep events: follow them with -f, or give --since to see "
                    + "the recorded ones");
        }
        EventFilter filter = EventFilterOptions.filter(given);
        AllHostsOption allHosts = AllHostsOption.of(given);
        ResultStream out = context.out();
        EventPrinter printer = new EventPrinter(out, given.has(JSON), allHosts.isGiven());
        new EventsTail(context, new EventsTail.Choice(follow, since, filter, allHosts), out, printer).run();
        return ExitStatus.DONE;
    }
}
