// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import com.fasterxml.jackson.databind.JsonNode;
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
    private static final List<String> HEAD = List.of("ID", "STATE", "VETH", "BRIDGE", "VLAN", "ADDRESS", "REASON");

    private static final OptionText JSON = OptionText.flag("As a JSON array, for programs.", "--json");

    private static final CommandText TEXT = new CommandText(
            List.of("list"),
            List.of("Lists the containers of this host and their status."),
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
        JsonNode containers = containers(context, allHosts);
        ResultStream out = context.out();
        if (given.has(JSON)) {
            out.json(JsonText.pretty(containers));
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(allHosts.isGiven() ? withHost("HOST", "HOST-STATE", HEAD) : HEAD);
            for (JsonNode container : containers) {
                rows.add(
                        allHosts.isGiven()
                                ? withHost(
                                        container.path("host").asText(),
                                        container.path("host_state").asText(),
                                        row(container))
                                : row(container));
            }
            new TextTable(rows).lines().forEach(out::line);
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private static JsonNode containers(CommandContext context, AllHostsOption allHosts) {
        if (allHosts.isGiven()) {
            try (ControlClient agent =
                    ControlClient.require(context.config().runtime().controlSocket())) {
                return AllHostsOption.takeContainers(allHosts.hosts(agent, context.err()));
            }
        }
        try (AgentCalls agent = AgentCalls.open(context.config(), Role.OBSERVE)) {
            return agent.containers();
        }
    }

    private static List<String> withHost(String host, String state, List<String> row) {
        List<String> all = new ArrayList<>(List.of(host, state));
        all.addAll(row);
        return all;
    }

    private static List<String> row(JsonNode container) {
        return List.of(
                container.path("id").asText(),
                container.path("running").asBoolean() ? container.path("state").asText() : "stopped",
                container.path("veth").asText(),
                container.path("bridge").asText(),
                container.at("/properties/vlan").asText(),
                container.at("/properties/ipv4").asText(),
                container.path("reason").asText());
    }
}
