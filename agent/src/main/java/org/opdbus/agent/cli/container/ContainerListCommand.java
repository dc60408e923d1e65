// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.Arguments;
import org.opdbus.agent.cli.command.CommandContext;
import org.opdbus.agent.cli.command.CommandText;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.TextTable;
import org.opdbus.agent.wiring.Role;

/** {@code op-dbus container list}. */
final class ContainerListCommand implements DescribedCommand {
    private static final List<String> HEAD = List.of("STATE", "VETH", "BRIDGE", "VLAN", "ADDRESS", "REASON");
    private static final String ID = "id";
    private static final String KIND = "kind";
    private static final String NAME = "name";

    private static final OptionText JSON = OptionText.flag("As a JSON array, for programs.", "--json");

    private static final CommandText TEXT = new CommandText(
            List.of("list"),
            List.of(
                    "Lists the containers of this host and their status, and its virtual machines.",
                    "The columns KIND and NAME are shown if there is anything but containers of LXC."),
            List.of(JSON, AllHostsOption.TEXT),
            List.of(
                    "  op-dbus container list",
                    "  op-dbus container list --all-hosts",
                    "  op-dbus container list --json | jq -r '.[].id'"));

    @Override
    public CommandText text() {
        return TEXT;
    }

    @Override
    public int run(CommandContext context, Arguments given) {
        AllHostsOption allHosts = AllHostsOption.of(given);
        String containers = containers(context, allHosts);
        ResultStream out = context.out();
        if (given.has(JSON)) {
            out.json(containers);
        } else {
            new TextTable(rows(ContainerText.in(containers), allHosts.isGiven()))
                    .lines()
                    .forEach(out::line);
        }
        out.flush();
        return ExitStatus.DONE;
    }

    /** Returns the text of a JSON array. A tree of it is made only for all hosts. */
    private static String containers(CommandContext context, AllHostsOption allHosts) {
        if (allHosts.isGiven()) {
            try (ControlClient agent =
                    ControlClient.require(context.config().runtime().controlSocket())) {
                return JsonText.pretty(AllHostsOption.takeContainers(allHosts.hosts(agent, context.err())));
            }
        }
        try (AgentCalls agent = AgentCalls.open(context.config(), Role.OBSERVE)) {
            return agent.containersText();
        }
    }

    private static List<List<String>> rows(List<ContainerText> containers, boolean withHosts) {
        boolean withKinds =
                containers.stream().anyMatch(container -> !container.at(KIND).isEmpty());
        List<List<String>> rows = new ArrayList<>();
        rows.add(joined(
                withHosts ? List.of("HOST", "HOST-STATE") : List.of(),
                withKinds ? List.of("ID", "KIND", "NAME") : List.of("ID"),
                HEAD));
        for (ContainerText container : containers) {
            rows.add(joined(
                    withHosts ? List.of(container.at("host"), container.at("host_state")) : List.of(),
                    withKinds ? named(container) : List.of(container.at(ID)),
                    row(container)));
        }
        return rows;
    }

    /** A container of LXC has no kind in the answer, and its id is its name. */
    private static List<String> named(ContainerText container) {
        String id = container.at(ID);
        return container.at(KIND).isEmpty()
                ? List.of(id, "lxc", id)
                : List.of(id, container.at(KIND), container.at(NAME));
    }

    private static List<String> joined(List<String> hosts, List<String> names, List<String> row) {
        List<String> all = new ArrayList<>(hosts);
        all.addAll(names);
        all.addAll(row);
        return all;
    }

    private static List<String> row(ContainerText container) {
        return List.of(
                container.at("running").equals("true") ? container.at("state") : "stopped",
                container.at("veth"),
                container.at("bridge"),
                container.at("properties.vlan"),
                container.at("properties.ipv4"),
                container.at("reason"));
    }
}
