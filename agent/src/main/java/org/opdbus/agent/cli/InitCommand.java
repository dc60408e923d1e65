// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.StateWriter;
import org.opdbus.verticles.files.AtomicFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = {
            "Writes a state file: an empty one, or with --introspect one that describes this host "
                    + "as it is, so that \"diff\" finds no difference."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus init --introspect", "  op-dbus init --introspect - | less"})
final class InitCommand extends HostTask {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "The file to write, or - for standard output (default: the state file " + "of the configuration).")
    private @Nullable Path file;

    @Option(
            names = "--introspect",
            description =
                    "Include every container of this host, and the entries of Docker, Podman and virtual machines "
                            + "that are in force.")
    private boolean introspect;

    @Option(names = "--force", description = "Replace the file if it exists.")
    private boolean force;

    @Override
    protected int run() {
        AgentConfig config = config();
        Path target = Optional.ofNullable(file).orElse(config.state().file());
        boolean toStandardOutput = target.equals(Path.of("-"));
        if (!toStandardOutput && !force && Files.exists(target)) {
            throw new CannotRunException(target + " exists; it is replaced only with --force");
        }
        String state = introspect ? ofThisHost(config) : StateWriter.write(DesiredState.of(List.of()));
        if (toStandardOutput) {
            ResultStream out = out();
            out.exact(state);
            out.flush();
        } else {
            write(target, state);
            err().println("wrote " + target);
        }
        return ExitStatus.DONE;
    }

    /** Returns this host as the text of a state file. */
    private static String ofThisHost(AgentConfig config) {
        try (AgentCalls agent = AgentCalls.open(config, Role.OBSERVE)) {
            return agent.call("state-file").path("state").asText();
        }
    }

    private static void write(Path target, String state) {
        try {
            Path folder = target.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            AtomicFile.replace(target, state.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CannotRunException("cannot write " + target + ": " + e, e);
        }
    }
}
