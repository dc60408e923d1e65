// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = {
            "Revokes every certificate of a host. The running agent tells the other members at "
                    + "once, and they no longer accept the host. Run it on the host that holds the CA.",
            "The other members reconnect, which takes a few seconds. A new token can admit the " + "host again."
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
        return ExitStatus.DONE;
    }
}
