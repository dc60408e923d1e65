// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import picocli.CommandLine.Command;

@Command(
        name = "confirm",
        description = {
            "Confirms that the host can be reached after a move: the move stays, and the way back is not taken.",
            "This counts only if the shell was opened by a network connection to this host after the move. A shell that was "
                    + "open before, a session of screen or tmux, and a console prove nothing about the network."
        },
        exitCodeList = {
            "0:the move is confirmed",
            "2:it is not confirmed, and the reason is shown; the way back is still taken in time"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ssh -S none root@host op-dbus uplink confirm"})
final class UplinkConfirmCommand extends HostTask {
    @Override
    protected int run() {
        // The agent checks that this process is connected to it; the number says which of its callers this is.
        JsonNode caller = JsonNodeFactory.instance
                .objectNode()
                .put("pid", ProcessHandle.current().pid());
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
            ResultStream out = out();
            out.line(UplinkText.ended(agent.call("uplink-confirm", caller)));
            out.flush();
        }
        return ExitStatus.DONE;
    }
}
