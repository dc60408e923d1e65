// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "events",
        description = "Prints every event on the agent's bus as one JSON object a line, from now on.",
        footerHeading = "%nExample:%n",
        footer = "  op-dbus events -f | jq 'select(.kind == \"container.enrolled\")'")
final class EventsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable CommandLineProgram program;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted. Events are not kept, so there is nothing to print without it;"
                    + " for what happened before see \"op-dbus ledger tail\".")
    private boolean follow;

    @Override
    public Integer call() {
        if (!follow) {
            throw new CannotRunException("events are not kept: follow them with -f, or read \"op-dbus ledger tail\"");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (ControlClient agent = ControlClient.require(
                Commands.settingsOf(program).load().runtime().controlSocket())) {
            agent.call("events");
            for (Optional<JsonNode> event = agent.next(); event.isPresent(); event = agent.next()) {
                out.println(event.get());
                if (out.checkError()) {
                    // Whoever read our output has gone, as head(1) does.
                    return CommandLineProgram.DONE;
                }
            }
        }
        throw new CannotRunException("the agent has stopped");
    }
}
