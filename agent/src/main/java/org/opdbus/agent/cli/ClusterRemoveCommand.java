// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = {
            "Takes back every certificate of a host: no member believes it from when it hears of this, which the running"
                    + " agent tells the others at once. Run on the host that holds the CA.",
            "The others make their connections anew, which takes a few seconds. The host can be let in again by a token."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus cluster remove host2"})
final class ClusterRemoveCommand extends ClusterTask {
    @Parameters(paramLabel = "HOST", description = "The host's name, as \"op-dbus cluster list\" shows it.")
    private String host = "";

    @Override
    int run(AgentConfig config) {
        authority(config).remove(host);
        say("removed " + host);
        return CommandLineProgram.DONE;
    }
}
