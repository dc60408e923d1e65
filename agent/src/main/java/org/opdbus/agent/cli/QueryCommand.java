// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "query",
        description = {
            "Prints the state of this host as JSON: every container, its configuration and its " + "status.",
            "With --all-hosts it prints the state of every host of the cluster. Each container "
                    + "then has \"host\" and \"host_state\": self, up, or away (then the data is what was "
                    + "known last). \"hosts\" says when each host was seen last."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus query",
            "  op-dbus query --plugin lxc | jq '.containers[] | select(.running)'",
            "  op-dbus query --all-hosts | jq '.hosts[] | select(.state == \"away\")'"
        })
final class QueryCommand extends HostTask {
    private static final String LXC = "lxc";

    @Option(
            names = "--plugin",
            paramLabel = "P",
            description = "Print only the state of this plugin, " + "without the enclosing object: lxc.")
    private @Nullable String plugin;

    @Mixin
    private final AllHostsOption allHosts = new AllHostsOption();

    @Override
    protected int run() {
        ResultStream out = out();
        if (allHosts.isGiven()) {
            out.json(JsonText.pretty(ofAllHosts()));
        } else {
            try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
                out.json(JsonText.pretty(
                        plugin == null ? agent.call("query") : agent.call("query", new TextNode(plugin))));
            }
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private ObjectNode ofAllHosts() {
        if (plugin != null && !plugin.equals(LXC)) {
            throw new CannotRunException("there is no plugin \"" + plugin + "\"; there is \"" + LXC + "\"");
        }
        try (ControlClient agent = ControlClient.require(config().runtime().controlSocket())) {
            ArrayNode hosts = allHosts.hosts(agent, err());
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            (plugin == null ? state.putObject("plugins").putObject(LXC) : state)
                    .set("containers", AllHostsOption.takeContainers(hosts));
            return state.set("hosts", hosts);
        }
    }
}
