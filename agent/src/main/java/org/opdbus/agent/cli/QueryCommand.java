// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.AnyText;
import org.opdbus.agent.cli.command.Arguments;
import org.opdbus.agent.cli.command.CommandContext;
import org.opdbus.agent.cli.command.CommandText;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import org.opdbus.agent.wiring.workloads.WorkloadPlugin;

/** {@code op-dbus query}. */
final class QueryCommand implements DescribedCommand {
    private static final String LXC = "lxc";

    private static final OptionText PLUGIN = OptionText.value(
            "P",
            new AnyText(),
            "Print only the state of this plugin, without the enclosing object: lxc, docker, podman, vm or lab.",
            "--plugin");

    private static final CommandText TEXT = new CommandText(
            List.of("query"),
            List.of(
                    "Prints the state of this host as JSON: every container, its configuration and its status, and, if an "
                            + "agent runs, every lab.",
                    "The plugins docker, podman and vm (virtual machines) are shown if the host has any of theirs.",
                    "With --all-hosts it prints the state of every host of the cluster. Each container "
                            + "then has \"host\" and \"host_state\": self, up, or away (then the data is what was "
                            + "known last). \"hosts\" says when each host was seen last. Labs of other hosts are not known."),
            List.of(PLUGIN, AllHostsOption.TEXT),
            List.of(
                    "  op-dbus query",
                    "  op-dbus query --plugin lxc | jq '.containers[] | select(.running)'",
                    "  op-dbus query --plugin docker | jq -r '.containers[] | select(.running) | .name'",
                    "  op-dbus query --plugin lab | jq '.labs[] | select(.settled | not) | .trouble'",
                    "  op-dbus query --all-hosts | jq '.hosts[] | select(.state == \"away\")'"));

    @Override
    public CommandText text() {
        return TEXT;
    }

    @Override
    public int run(CommandContext context, Arguments given) {
        Optional<String> plugin = given.value(PLUGIN);
        AllHostsOption allHosts = AllHostsOption.of(given);
        ResultStream out = context.out();
        if (allHosts.isGiven()) {
            out.json(JsonText.pretty(ofAllHosts(context, allHosts, plugin)));
        } else {
            try (AgentCalls agent = AgentCalls.open(context.config(), Role.OBSERVE)) {
                out.json(agent.text("query", plugin.map(List::of).orElse(List.of())));
            }
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private static ObjectNode ofAllHosts(CommandContext context, AllHostsOption allHosts, Optional<String> plugin) {
        if (plugin.isPresent()
                && !plugin.get().equals(LXC)
                && WorkloadPlugin.named(plugin.get()).isEmpty()) {
            throw new CannotRunException(
                    "of all hosts only containers and virtual machines are known, not the plugin \"" + plugin.get()
                            + "\"");
        }
        try (ControlClient agent =
                ControlClient.require(context.config().runtime().controlSocket())) {
            ArrayNode hosts = allHosts.hosts(agent, context.err());
            ArrayNode containers = AllHostsOption.takeContainers(hosts);
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            if (plugin.isPresent()) {
                put(containers, plugin.get(), state);
            } else {
                putAll(containers, state.putObject("plugins"));
            }
            return state.set("hosts", hosts);
        }
    }

    /** Puts in the containers by plugin; a plugin other than LXC only if there are any of it. */
    private static void putAll(ArrayNode containers, ObjectNode plugins) {
        put(containers, LXC, plugins.putObject(LXC));
        for (WorkloadPlugin plugin : WorkloadPlugin.ALL) {
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            put(containers, plugin.name(), state);
            if (!state.path(plugin.list()).isEmpty()) {
                plugins.set(plugin.name(), state);
            }
        }
    }

    private static void put(ArrayNode containers, String plugin, ObjectNode state) {
        ArrayNode list = state.putArray(
                WorkloadPlugin.named(plugin).map(WorkloadPlugin::list).orElse("containers"));
        for (JsonNode container : containers) {
            // A container of LXC has no kind; the plugins of the others have the names of the kinds.
            if (container.path("kind").asText(LXC).equals(plugin)) {
                list.add(container);
            }
        }
    }
}
