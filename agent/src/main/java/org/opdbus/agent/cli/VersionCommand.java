// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.concurrent.Callable;
import org.opdbus.agent.Program;
import org.opdbus.agent.cli.output.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints the version of this program.")
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().getOut().println("op-dbus " + Program.version());
        return ExitStatus.DONE;
    }
}
