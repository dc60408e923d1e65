// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
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
import picocli.CommandLine.UnmatchedArgumentException;

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
        })
public final class CommandLineProgram implements Runnable {
    static final int DONE = 0;
    static final int NO = 1;
    static final int CANNOT_RUN = 2;

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

    /** The same, with its results and messages going elsewhere. */
    static int execute(StandardStreams streams, String... arguments) {
        CommandLine program = new CommandLine(new CommandLineProgram(streams));
        commandsFor(arguments).forEach(program::addSubcommand);
        program.setOut(writer(streams.out()));
        program.setErr(writer(streams.err()));
        program.setExecutionExceptionHandler(CommandLineProgram::explain);
        program.setParameterExceptionHandler(CommandLineProgram::refuse);
        program.setUsageHelpAutoWidth(true);
        program.setCaseInsensitiveEnumValuesAllowed(true);
        return program.execute(arguments);
    }

    /**
     * The command that is meant, if that is plain; else all of them. To look at all takes longer than most commands take
     * altogether, and only help, completion, the manual and wrong names are about more than one.
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

    /** JSON is UTF-8 whatever the locale says, and a message with the same names in it had better be so too. */
    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Wrong usage: what is wrong with it and where to read on, not the whole help, which would hide it. */
    private static int refuse(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("op-dbus: " + failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        }
        return CANNOT_RUN;
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

    StandardStreams streams() {
        return streams;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"op-dbus " + Program.version()};
        }
    }
}
