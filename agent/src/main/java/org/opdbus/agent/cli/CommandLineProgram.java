// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.PrintWriter;
import org.opdbus.agent.Program;
import org.opdbus.ledger.LedgerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(
        name = "op-dbus",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = CommandLineProgram.Version.class,
        description = "Enrols LXC containers into Open vSwitch bridges by itself, and keeps a ledger of it.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done, or the answer is yes",
            "1:it ran, but the answer is no or a part failed",
            "2:it could not run: usage, a bad file, no access"
        },
        subcommands = {RunCommand.class, QueryCommand.class, EventsCommand.class, VersionCommand.class})
public final class CommandLineProgram implements Runnable {
    static final int DONE = 0;
    static final int NO = 1;
    static final int CANNOT_RUN = 2;

    @Mixin
    private final Settings settings = new Settings();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private CommandLineProgram() {}

    /** Runs the command that the arguments name, and returns the exit status. */
    public static int execute(String[] arguments) {
        CommandLine program = new CommandLine(new CommandLineProgram());
        program.setExecutionExceptionHandler(CommandLineProgram::explain);
        program.setUsageHelpAutoWidth(true);
        program.setCaseInsensitiveEnumValuesAllowed(true);
        return program.execute(arguments);
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof CannotRunException || failure instanceof LedgerException) {
            PrintWriter err = command.getErr();
            err.println("op-dbus: " + failure.getMessage());
            err.flush();
            return CANNOT_RUN;
        }
        throw failure;
    }

    Settings settings() {
        return settings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? Try op-dbus --help");
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"op-dbus " + Program.version()};
        }
    }
}
