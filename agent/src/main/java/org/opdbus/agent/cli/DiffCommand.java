// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "diff",
        description = {
            "Prints as JSON what \"apply\" would do: [] if the host matches the state file.",
            "Each change shows the present value, the wanted value and the reason."
        },
        exitCodeList = {
            "0:it compared the host and the file (with --exit-code: they are equal)",
            "1:with --exit-code: they differ",
            "2:it could not run: usage, a bad file, no access"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus diff",
            "  op-dbus diff new.json | jq '.[].actions[]'",
            "  op-dbus diff --exit-code --prune || echo \"this host is not as it should be\""
        })
final class DiffCommand extends HostTask {
    @Mixin
    private final StateFileOptions state = new StateFileOptions();

    @Option(names = "--prune", description = "Include the containers that \"apply --prune\" would " + "destroy.")
    private boolean prune;

    @Option(names = "--exit-code", description = "Exit with 1 if the host and the file differ.")
    private boolean exitCode;

    @Override
    protected int run() {
        AgentConfig config = config();
        JsonNode request = state.request(config).put("prune", prune);
        try (AgentCalls agent = AgentCalls.open(config, Role.OBSERVE)) {
            JsonNode diff = agent.call("diff", request);
            ResultStream out = out();
            out.json(JsonText.pretty(diff));
            out.flush();
            return exitCode && !diff.isEmpty() ? ExitStatus.NO : ExitStatus.DONE;
        }
    }
}
