// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.Commands;
import org.opdbus.agent.cli.command.RootCommand;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a script that lets bash complete the commands and options of op-dbus.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(op-dbus completion)", "  op-dbus completion > /etc/bash_completion.d/op-dbus"})
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable RootCommand program;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ResultStream out = new ResultStream(Commands.parent(program).streams());
        out.exact(AutoComplete.bash("op-dbus", spec.root().commandLine()));
        out.flush();
        return ExitStatus.DONE;
    }
}
