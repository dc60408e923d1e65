// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import org.opdbus.agent.Program;
import org.opdbus.agent.cli.cluster.ClusterCommand;
import org.opdbus.agent.cli.command.RootCommand;
import org.opdbus.agent.cli.command.Settings;
import org.opdbus.agent.cli.container.ContainerCommand;
import org.opdbus.agent.cli.ledger.LedgerCommand;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.agent.cli.output.VisibleWriter;
import org.opdbus.ledger.LedgerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root of all commands. */
@Command(
        name = "op-dbus",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = CommandLineProgram.Version.class,
        description = "Enrols LXC containers into Open vSwitch bridges automatically, and records " + "it in a ledger.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:success, or the answer is yes",
            "1:it ran, but the answer is no or a part failed",
            "2:it could not run: usage, a bad file, no access"
        })
public final class CommandLineProgram implements Runnable, RootCommand {
    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            ApplyCommand.class,
            DiffCommand.class,
            QueryCommand.class,
            ContainerCommand.class,
            InitCommand.class,
            IntrospectCommand.class,
            StateCommand.class,
            VerifyCommand.class,
            EventsCommand.class,
            LedgerCommand.class,
            ClusterCommand.class,
            DoctorCommand.class,
            LogLevelCommand.class,
            CompletionCommand.class,
            ManCommand.class,
            VersionCommand.class);

    private static final Set<Class<?>> ABOUT_ALL = Set.of(CompletionCommand.class, ManCommand.class);

    @Mixin
    private final Settings settings = new Settings();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final StandardStreams streams;

    private CommandLineProgram(StandardStreams streams) {
        this.streams = streams;
    }

    /** Runs the command that the arguments name, and returns the exit status. */
    public static int execute(String[] arguments) {
        return execute(StandardStreams.ofProcess(), arguments);
    }

    /** Runs the command with the given streams for results and messages. */
    static int execute(StandardStreams streams, String... arguments) {
        CommandLine program = new CommandLine(new CommandLineProgram(streams));
        for (Class<?> command : commandsFor(arguments)) {
            program.addSubcommand(command);
        }
        program.setOut(new VisibleWriter(streams.out()));
        program.setErr(new VisibleWriter(streams.err()));
        program.setExecutionExceptionHandler(new Explaining());
        program.setParameterExceptionHandler(new Refusing());
        program.setUsageHelpAutoWidth(true);
        program.setCaseInsensitiveEnumValuesAllowed(true);
        return program.execute(arguments);
    }

    /**
     * Returns the command that the arguments name, or all commands if they do not name one plainly.
     * Building all commands takes longer than most commands run; only help, completion, the manual
     * page and misspelled names need more than one.
     */
    private static List<Class<?>> commandsFor(String[] arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        boolean configured = arguments.length > 2 && first.equals("--config");
        String name = configured ? arguments[2] : first;
        List<Class<?>> meant = COMMANDS.stream()
                .filter(command -> isCalled(command, name))
                .filter(command -> !ABOUT_ALL.contains(command))
                .toList();
        return meant.isEmpty() ? COMMANDS : meant;
    }

    private static boolean isCalled(Class<?> command, String name) {
        Command declared = command.getAnnotation(Command.class);
        return declared.name().equals(name) || List.of(declared.aliases()).contains(name);
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public StandardStreams streams() {
        return streams;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    // These are classes and not lambda expressions: lambdas over picocli's types would keep picocli
    // out of the class data archive.

    /**
     * Prints what is wrong with the usage and where to read more. It does not print the whole help,
     * which would hide the error.
     */
    private static final class Refusing implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException failure, String[] arguments) {
            CommandLine command = failure.getCommandLine();
            PrintWriter err = command.getErr();
            err.println("op-dbus: " + failure.getMessage());
            if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
                err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
            }
            return ExitStatus.CANNOT_RUN;
        }
    }

    /**
     * Prints the error of a command in one line; any other exception is a defect and is printed in
     * full.
     */
    private static final class Explaining implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
            PrintWriter err = command.getErr();
            if (failure instanceof CannotRunException || failure instanceof LedgerException) {
                err.println("op-dbus: " + failure.getMessage());
                err.flush();
                return ExitStatus.CANNOT_RUN;
            }
            failure.printStackTrace(err);
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
    }

    /** Supplies the text of {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"op-dbus " + Program.version()};
        }
    }
}
