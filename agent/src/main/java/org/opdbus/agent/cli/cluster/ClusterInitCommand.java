// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;

@Command(
        name = "init",
        description = {
            "Founds a cluster: makes its CA and this host's own key and certificate in the folder " + "cluster.dir.",
            "Prints the CA's fingerprint (SHA-256). The CA's key is ca.pem: a person who has it "
                    + "can admit any host. Keep one copy of it, where only you can read it."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus cluster init"})
final class ClusterInitCommand extends ClusterTask {
    @Override
    int run(AgentConfig config) {
        String fingerprint = authority(config)
                .found(
                        config.host(),
                        config.cluster().listen(),
                        config.cluster().door());
        ResultStream out = out();
        out.line(fingerprint);
        out.flush();
        say("this host holds the CA of the cluster now, and above is its fingerprint; to let another host in, run "
                + "\"op-dbus cluster token\" here");
        sayWhatIsMissing(config);
        return ExitStatus.DONE;
    }
}
