// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.Renewal;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rotate",
        description = {
            "Gives this host a new key and certificate; the request is authenticated with the "
                    + "present ones. The old certificate stays valid until it expires: if its key was "
                    + "stolen, remove the host and admit it again instead.",
            "With --ca, on the host that holds the CA, begins to replace the CA: members accept "
                    + "both CAs, and every running agent fetches a certificate of the new one by itself. "
                    + "With --finish, once \"op-dbus cluster list\" shows that all members have one, "
                    + "members no longer accept the old CA."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus cluster rotate", "  op-dbus cluster rotate --ca", "  op-dbus cluster rotate --finish"})
final class ClusterRotateCommand extends ClusterTask {
    @ArgGroup(exclusive = true)
    private What what = new What();

    @Option(names = "--force", description = "With --finish: do not wait for the members that are " + "not ready.")
    private boolean force;

    private static final class What {
        @Option(names = "--ca", description = "Begin to replace the CA.")
        private boolean authority;

        @Option(names = "--finish", description = "End the replacement of the CA.")
        private boolean finish;
    }

    @Override
    int run(AgentConfig config) {
        if (what.authority) {
            ResultStream out = out();
            out.line(authority(config)
                    .rotateAuthority(config.host(), config.cluster().listen()));
            out.flush();
        } else if (what.finish) {
            authority(config).finishAuthority(force);
            say("members no longer accept the old CA");
        } else {
            Renewal.renew(options(config), Libraries.load());
            say("this host has a new key and certificate");
        }
        return ExitStatus.DONE;
    }
}
