// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.TextTable;
import org.opdbus.agent.wiring.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Lists the containers of this host and their status.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus container list",
            "  op-dbus container list --all-hosts",
            "  op-dbus container list --json | jq -r '.[].id'"
        })
final class ContainerListCommand extends HostTask {
    private static final List<String> HEAD = List.of("ID", "STATE", "VETH", "BRIDGE", "VLAN", "ADDRESS", "REASON");

    @Option(names = "--json", description = "As a JSON array, for programs.")
    private boolean json;

    @Mixin
    private final AllHostsOption allHosts = new AllHostsOption();

    @Override
    protected int run() {
        JsonNode containers = containers();
        ResultStream out = out();
        if (json) {
            out.json(JsonText.pretty(containers));
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(allHosts.isGiven() ? withHost("HOST", "HOST-STATE", HEAD) : HEAD);
            containers.forEach(container -> rows.add(
                    allHosts.isGiven()
                            ? withHost(
                                    container.path("host").asText(),
                                    container.path("host_state").asText(),
                                    row(container))
                            : row(container)));
            new TextTable(rows).lines().forEach(out::line);
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private JsonNode containers() {
        if (allHosts.isGiven()) {
            try (ControlClient agent = ControlClient.require(config().runtime().controlSocket())) {
                return AllHostsOption.takeContainers(allHosts.hosts(agent, err()));
            }
        }
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
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
