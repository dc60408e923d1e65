// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.List;
import java.util.Optional;
import org.opdbus.agent.cli.command.CommandIndex;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.command.PlainCall;
import org.opdbus.agent.cli.container.ContainerGroup;
import org.opdbus.agent.cli.ledger.LedgerGroup;
import org.opdbus.agent.cli.output.StandardStreams;

/** The command line of the program. */
public final class CommandLineProgram {
    private CommandLineProgram() {}

    /** Runs the command that the arguments name, and returns the exit status. */
    public static int execute(String[] arguments) {
        return execute(StandardStreams.ofProcess(), arguments);
    }

    /** Runs the command with the given streams for results and messages. */
    static int execute(StandardStreams streams, String... arguments) {
        Optional<PlainCall> call = PlainCall.of(new Index(), arguments);
        return call.isPresent() ? call.get().run(streams) : CommandTree.execute(streams, arguments);
    }

    /** The commands that are described in code. {@link CommandTree} has them too, among all others. */
    static final class Index implements CommandIndex {
        @Override
        public Optional<DescribedCommand> find(String group, String name) {
            return switch (group.isEmpty() ? name : group + " " + name) {
                case "run" -> Optional.of(new RunCommand());
                case "query" -> Optional.of(new QueryCommand());
                case "events" -> Optional.of(new EventsCommand());
                case "container list" -> Optional.of(ContainerGroup.list());
                case "ledger tail" -> Optional.of(LedgerGroup.tail());
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<List<OptionText>> optionsOf(String group) {
            return switch (group) {
                case "container" -> Optional.of(List.of());
                case "ledger" -> Optional.of(List.of(LedgerGroup.DIR));
                default -> Optional.empty();
            };
        }
    }
}
