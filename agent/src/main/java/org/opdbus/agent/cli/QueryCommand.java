// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "query",
        description = "Prints the state of this host as JSON: every container that LXC knows, and how it stands.",
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus query", "  op-dbus query --plugin lxc | jq '.containers[] | select(.running)'"})
final class QueryCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable CommandLineProgram program;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--plugin", paramLabel = "P", description = "Only this plugin's state, bare: lxc.")
    private @Nullable String plugin;

    @Override
    public Integer call() {
        try (ControlClient agent = ControlClient.require(
                Commands.settingsOf(program).load().runtime().controlSocket())) {
            JsonNode state = plugin == null ? agent.call("query") : agent.call("query", plugin);
            spec.commandLine().getOut().println(ControlClient.pretty(state));
        }
        return CommandLineProgram.DONE;
    }
}
