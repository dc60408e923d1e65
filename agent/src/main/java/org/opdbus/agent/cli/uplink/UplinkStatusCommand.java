// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description =
                "Shows the move that waits for its confirmation, who makes it, how far it is and when it is taken back, and the "
                        + "last move that is over. It only looks.",
        exitCodeList = {"0:it is shown", "2:it could not be read"},
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus uplink status", "  op-dbus uplink status --json | jq -r .move.deadline"})
final class UplinkStatusCommand extends HostTask {
    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    protected int run() {
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
            JsonNode status = agent.call("uplink-status");
            ResultStream out = out();
            if (json) {
                out.json(JsonText.pretty(status));
            } else {
                UplinkText.status(status).forEach(out::line);
            }
            out.flush();
        }
        return ExitStatus.DONE;
    }
}
