// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import org.opdbus.agent.Program;
import org.opdbus.agent.cli.capture.CaptureCommand;
import org.opdbus.agent.cli.cluster.ClusterCommand;
import org.opdbus.agent.cli.command.PicocliCommand;
import org.opdbus.agent.cli.command.RootCommand;
import org.opdbus.agent.cli.command.Settings;
import org.opdbus.agent.cli.container.ContainerGroup;
import org.opdbus.agent.cli.introspect.IntrospectCommand;
import org.opdbus.agent.cli.lab.LabCommand;
import org.opdbus.agent.cli.ledger.LedgerGroup;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.FailureText;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.agent.cli.output.VisibleWriter;
import org.opdbus.agent.cli.uplink.UplinkCommand;
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
        versionProvider = CommandTree.Version.class,
        description = "Enrols LXC containers into Open vSwitch bridges automatically, and records " + "it in a ledger.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:success, or the answer is yes",
            "1:it ran, but the answer is no or a part failed",
            "2:it could not run: usage, a bad file, no access"
        })
final class CommandTree implements Runnable, RootCommand {
    private static final List<String> COMMANDS = List.of(
            "run",
            "apply",
            "diff",
            "query",
            "container",
            "capture",
            "init",
            "introspect",
            "lab",
            "mount",
            "state",
            "uplink",
            "verify",
            "events",
            "ledger",
            "cluster",
            "doctor",
            "dbus",
            "log-level",
            "completion",
            "man",
            "version");

    private static final Set<String> ABOUT_ALL = Set.of("completion", "man");

    @Mixin
    private final Settings settings = new Settings();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final StandardStreams streams;

    private CommandTree(StandardStreams streams) {
        this.streams = streams;
    }

    /** Runs the command that the arguments name, and returns the exit status. */
    static int execute(StandardStreams streams, String... arguments) {
        return of(streams, commandsFor(arguments)).execute(arguments);
    }

    /** Returns the parser of all commands. */
    static CommandLine whole(StandardStreams streams) {
        return of(streams, COMMANDS);
    }

    private static CommandLine of(StandardStreams streams, List<String> commands) {
        CommandLine program = new CommandLine(new CommandTree(streams));
        for (String command : commands) {
            program.addSubcommand(made(command));
        }
        program.setOut(new VisibleWriter(streams.out()));
        program.setErr(new VisibleWriter(streams.err()));
        program.setExecutionExceptionHandler(new Explaining());
        program.setParameterExceptionHandler(new Refusing());
        program.setUsageHelpAutoWidth(true);
        program.setCaseInsensitiveEnumValuesAllowed(true);
        return program;
    }

    private static Object made(String name) {
        return switch (name) {
            case "run" -> PicocliCommand.specOf(new RunCommand());
            case "apply" -> ApplyCommand.class;
            case "diff" -> DiffCommand.class;
            case "query" -> PicocliCommand.specOf(new QueryCommand());
            case "container" -> group(ContainerGroup.command(), ContainerGroup.commands());
            case "capture" -> CaptureCommand.class;
            case "init" -> InitCommand.class;
            case "introspect" -> IntrospectCommand.class;
            case "lab" -> LabCommand.parser();
            case "mount" -> MountCommand.class;
            case "state" -> StateCommand.class;
            case "uplink" -> UplinkCommand.class;
            case "verify" -> VerifyCommand.class;
            case "events" -> PicocliCommand.specOf(new EventsCommand());
            case "ledger" -> group(LedgerGroup.command(), LedgerGroup.commands());
            case "cluster" -> ClusterCommand.class;
            case "doctor" -> DoctorCommand.class;
            case "dbus" -> DBusCommand.class;
            case "log-level" -> LogLevelCommand.class;
            case "completion" -> CompletionCommand.class;
            case "man" -> ManCommand.class;
            case "version" -> VersionCommand.class;
            default -> throw new IllegalArgumentException("no such command: " + name);
        };
    }

    private static CommandLine group(Class<?> group, List<Object> commands) {
        CommandLine made = new CommandLine(group);
        commands.forEach(made::addSubcommand);
        return made;
    }

    /**
     * Returns the command that the arguments name, or all commands if they do not name one plainly.
     * Building all commands takes longer than most commands run; only help, completion, the manual
     * page and misspelled names need more than one.
     */
    private static List<String> commandsFor(String[] arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        boolean configured = arguments.length > 2 && first.equals("--config");
        String given = configured ? arguments[2] : first;
        String name = given.equals(LedgerGroup.ALIAS) ? "ledger" : given;
        return COMMANDS.contains(name) && !ABOUT_ALL.contains(name) ? List.of(name) : COMMANDS;
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

    /** Prints why a command failed. */
    private static final class Explaining implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
            return FailureText.tell(failure, command.getCommandSpec().qualifiedName(), command.getErr());
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
