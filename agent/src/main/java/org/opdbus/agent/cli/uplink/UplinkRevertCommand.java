// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import picocli.CommandLine.Command;

@Command(
        name = "revert",
        description = "Takes the way back of the move that is not confirmed yet, now.",
        exitCodeList = {
            "0:the move is taken back",
            "1:the way back is not finished; it is tried again by itself",
            "2:there is no move to take back, or it could not be begun"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus uplink revert"})
final class UplinkRevertCommand extends HostTask {
    @Override
    protected int run() {
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
            String state = agent.call("uplink-revert").path("state").asText();
            boolean isDone = state.equals("reverted");
            ResultStream out = out();
            out.line(
                    isDone
                            ? "The move is taken back."
                            : "The move is not taken back: it is " + state + ". See op-dbus uplink status.");
            out.flush();
            return isDone ? ExitStatus.DONE : ExitStatus.NO;
        }
    }
}
