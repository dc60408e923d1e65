// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "man",
        description = "Prints the manual page.",
        footerHeading = "%nExample:%n",
        footer = "  op-dbus man | man -l -")
final class ManCommand extends HostTask {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    protected int run() {
        ResultStream out = out();
        out.exact(ManPage.of(spec.root()));
        out.flush();
        return ExitStatus.DONE;
    }
}
