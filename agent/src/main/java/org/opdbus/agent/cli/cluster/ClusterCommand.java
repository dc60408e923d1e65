// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands on the cluster. */
@Command(
        name = "cluster",
        description = {
            "Shows the hosts of the cluster, admits hosts and removes them.",
            "One host holds the cluster's CA: run init, token and remove there. A running agent "
                    + "notices by itself what these commands change."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ClusterInitCommand.class,
            ClusterTokenCommand.class,
            ClusterJoinCommand.class,
            ClusterListCommand.class,
            ClusterRemoveCommand.class,
            ClusterRotateCommand.class,
            ClusterNatsConfigCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus cluster init",
            "  op-dbus cluster token > token",
            "  op-dbus cluster join 10.0.0.1:7802 --token token"
        })
public final class ClusterCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "cluster: which command?");
    }
}
