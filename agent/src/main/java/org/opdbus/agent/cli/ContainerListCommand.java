// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.agent.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Lists the containers of this host and how they stand.",
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus container list", "  op-dbus container list --json | jq -r '.[].id'"})
final class ContainerListCommand extends HostTask {
    private static final List<String> HEAD = List.of("ID", "STATE", "VETH", "BRIDGE", "VLAN", "ADDRESS", "REASON");

    @Option(names = "--json", description = "As a JSON array, for programs.")
    private boolean json;

    @Override
    int run() {
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
            JsonNode containers = ContainerTask.containers(agent);
            ResultStream out = out();
            if (json) {
                out.line(JsonText.pretty(containers));
            } else {
                List<List<String>> rows = new ArrayList<>(List.of(HEAD));
                containers.forEach(container -> rows.add(row(container)));
                new TextTable(rows).lines().forEach(out::line);
            }
            out.flush();
            return CommandLineProgram.DONE;
        }
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
