// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.config.state.StateLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "state",
        description = "Works on the state file itself.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StateCommand.Schema.class, StateCommand.Check.class})
final class StateCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** {@code state schema}. */
    @Command(
            name = "schema",
            description = "Prints the JSON Schema (draft 2020-12) of the state file, for editors and other programs.",
            footerHeading = "%nExample:%n",
            footer = "  op-dbus state schema > state.schema.json")
    static final class Schema extends HostTask {
        @Override
        protected int run() {
            ResultStream out = out();
            out.exact(StateLoader.schema());
            out.flush();
            return ExitStatus.DONE;
        }
    }

    /** {@code state check}. */
    @Command(
            name = "check",
            description = "Reports every error in a state file, each with its JSON pointer. It " + "needs no agent.",
            exitCodeList = {"0:the file is valid", "2:it is not valid, or cannot be read"},
            footerHeading = "%nExample:%n",
            footer = "  op-dbus state check new.json")
    static final class Check extends HostTask {
        @Mixin
        private final StateFileOptions state = new StateFileOptions();

        @Override
        protected int run() {
            state.request(config());
            return ExitStatus.DONE;
        }
    }
}
