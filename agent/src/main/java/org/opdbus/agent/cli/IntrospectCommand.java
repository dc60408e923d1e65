// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;

@Command(
        name = "introspect",
        description = "Prints every container of this host in the form of a state file.",
        footerHeading = "%nExample:%n",
        footer = "  op-dbus introspect | jq '.plugins.lxc.containers[].id'")
final class IntrospectCommand extends HostTask {
    @Override
    protected int run() {
        ResultStream out = out();
        out.exact(state(config()));
        out.flush();
        return ExitStatus.DONE;
    }

    /** Returns this host as the text of a state file. */
    static String state(AgentConfig config) {
        try (AgentCalls agent = AgentCalls.open(config, Role.OBSERVE)) {
            return agent.call("introspect").path("state").asText();
        }
    }
}
