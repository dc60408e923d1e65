// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.Commands;
import org.opdbus.agent.cli.command.RootCommand;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code op-dbus ledger} itself, as picocli runs it. */
@Command(
        name = "ledger",
        aliases = LedgerGroup.ALIAS,
        description = {
            "Reads, verifies and proves the recorded entries.",
            "These commands need no agent, work while an agent writes, and never change anything."
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus ledger tail -f",
            "  op-dbus ledger tail -f --all-hosts",
            "  op-dbus ledger search --kind container.enrolled --since 2h",
            "  op-dbus ledger verify --key /etc/op-dbus/keys/host1.pub"
        })
final class LedgerCommand implements Runnable {
    @ParentCommand
    private @Nullable RootCommand program;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = LedgerGroup.DIR_NAME,
            paramLabel = LedgerGroup.DIR_LABEL,
            scope = ScopeType.INHERIT,
            description = "The ledger's directory (default: the one that the configuration names).")
    private @Nullable Path dir;

    /** Returns the directory of the ledger that the options select. */
    Path dir() {
        Path given = dir;
        return given != null
                ? given
                : Commands.settingsOf(program).load().ledger().dir();
    }

    /** Returns the configuration, if the selected ledger is the one that it names. */
    Optional<AgentConfig> config() {
        return dir == null ? Optional.of(Commands.settingsOf(program).load()) : Optional.empty();
    }

    StandardStreams streams() {
        return Commands.parent(program).streams();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "ledger: which command?");
    }
}
