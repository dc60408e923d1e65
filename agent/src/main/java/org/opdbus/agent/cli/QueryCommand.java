// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "query",
        description =
                "Prints the state of this host as JSON: every container, what is configured for it, and how it stands.",
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus query", "  op-dbus query --plugin lxc | jq '.containers[] | select(.running)'"})
final class QueryCommand extends HostTask {
    @Option(names = "--plugin", paramLabel = "P", description = "Only this plugin's state, bare: lxc.")
    private @Nullable String plugin;

    @Override
    int run() {
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
            ResultStream out = out();
            out.line(JsonText.pretty(plugin == null ? agent.call("query") : agent.call("query", new TextNode(plugin))));
            out.flush();
        }
        return CommandLineProgram.DONE;
    }
}
