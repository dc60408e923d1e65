// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "destroy",
        description = "Stops a container and destroys it with all its files, permanently. Asks " + "for confirmation.",
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus container destroy 100", "  op-dbus container destroy --yes 100"})
final class ContainerDestroyCommand extends ContainerTask {
    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Override
    protected int run() {
        if (find().isMissingNode()) {
            throw notThere();
        }
        if (!yes && !Question.isAnsweredYes(err(), "Destroy container " + id() + " and all its files?", "--yes")) {
            err().println("op-dbus: container " + id() + " was not destroyed");
            return ExitStatus.NO;
        }
        return carryOut("destroy");
    }
}
