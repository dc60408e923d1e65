// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands on uplinks. */
@Command(
        name = "uplink",
        description = {
            "Moves the link by which this host is reached onto a bridge of Open vSwitch, with its addresses, routes and rules, "
                    + "and off it again.",
            "A move must be confirmed over a new connection. If it is not, or if it fails, or if the host restarts before, "
                    + "the host takes the way back by itself, with or without the agent."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UplinkMoveCommand.class,
            UplinkConfirmCommand.class,
            UplinkRevertCommand.class,
            UplinkStatusCommand.class,
            UplinkBackCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus uplink move eth0 --bridge vmbr0 --dry-run",
            "  op-dbus uplink move eth0 --bridge vmbr0",
            "  op-dbus uplink confirm"
        })
public final class UplinkCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "uplink: which command?");
    }
}
