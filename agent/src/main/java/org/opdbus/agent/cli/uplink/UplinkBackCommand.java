// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import org.opdbus.agent.cli.command.HostTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "back",
        description = {
            "Moves a link that \"op-dbus uplink move\" moved off its bridge again. Files that configure the network at boot "
                    + "become what they were.",
            "Shows the plan and asks. If another hand has changed such a file since, the plan shows the difference, which is "
                    + "lost but for a copy. This must be confirmed as a move onto a bridge must."
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

    @Option(
            names = "--discard-changes",
            description =
                    "With --yes: also restore files that another hand has changed since. A copy of each is kept beside it.")
    private boolean discards;

    @Override
    protected int run() {
        String question = "Move " + options.link() + " off its bridge?";
        // A person who is asked has seen the difference.
        boolean isShown = !options.yes();
        return new UplinkMove(out(), err(), options)
                .run(config(), options.request("back", "").put("discards", discards || isShown), question);
    }
}
