// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import org.opdbus.agent.cli.command.HostTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "move",
        description = {
            "Moves a link onto a bridge, with its addresses, routes and rules, so that the host keeps its connections. A bridge "
                    + "that does not exist is made.",
            "Shows the plan and asks. Then the move must be confirmed in time by \"op-dbus uplink confirm\", from a connection "
                    + "that was opened after it."
        },
        exitCodeList = {
            "0:the link is on the bridge; or --dry-run has shown the plan",
            "1:the way back was taken, or you answered no",
            "2:nothing was changed: usage, or a reason not to move, which is shown"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus uplink move eth0 --bridge vmbr0 --dry-run",
            "  op-dbus uplink move eth0 --bridge vmbr0 --confirm-within 5m",
            "  op-dbus uplink move bond0 --bridge vmbr0 --probe tcp:192.0.2.7:443 --yes"
        })
final class UplinkMoveCommand extends HostTask {
    @Mixin
    private final MoveOptions options = new MoveOptions();

    @Option(
            names = {"-b", "--bridge"},
            paramLabel = "BRIDGE",
            required = true,
            description = "The bridge of Open vSwitch.")
    private String bridge = "";

    @Override
    protected int run() {
        String question = "Move " + options.link() + " onto the bridge " + bridge + "?";
        return new UplinkMove(out(), err(), options).run(config(), options.request("onto", bridge), question);
    }
}
