// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code op-dbus container} itself, as picocli runs it. */
@Command(
        name = "container",
        description = "Shows, creates, starts, stops and destroys single containers.",
        synopsisSubcommandLabel = "COMMAND")
final class ContainerCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
