// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import org.opdbus.agent.cli.command.HostTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "back",
        description = {
            "Moves a link that \"op-dbus uplink move\" moved off its bridge again. Files that configure the network at boot "
                    + "become what they were, unless another hand has changed them since.",
            "Shows the plan and asks. This must be confirmed as a move onto a bridge must."
        },
        exitCodeList = {
            "0:the link is off the bridge; or --dry-run has shown the plan",
            "1:the way back was taken, or you answered no",
            "2:nothing was changed: usage, or a reason not to move, which is shown"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus uplink back eth0 --dry-run", "  op-dbus uplink back eth0"})
final class UplinkBackCommand extends HostTask {
    @Mixin
    private final MoveOptions options = new MoveOptions();

    @Override
    protected int run() {
        String question = "Move " + options.link() + " off its bridge?";
        return new UplinkMove(out(), err(), options).run(config(), options.request("back", ""), question);
    }
}
