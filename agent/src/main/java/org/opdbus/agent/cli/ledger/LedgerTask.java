// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.Commands;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Printable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Base of the commands on a ledger: selects the ledger and opens the output. */
abstract class LedgerTask implements Callable<Integer> {
    private static final int INPUT_BYTES_MAX = 1024 * 1024;

    @ParentCommand
    private @Nullable LedgerCommand group;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Carries out the command and returns the exit status. */
    abstract int run(ResultStream out) throws InterruptedException;

    @Override
    public final Integer call() {
        return LedgerAnswer.of(new ResultStream(streams()), err(), this::run);
    }

    final Path dir() {
        return Commands.parent(group).dir();
    }

    /** Returns the configuration of this host's agent, if the ledger is that agent's. */
    final Optional<AgentConfig> config() {
        return Commands.parent(group).config();
    }

    final StandardStreams streams() {
        return Commands.parent(group).streams();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Prints a message for the user. */
    final void say(String message) {
        err().println("op-dbus: " + message);
    }

    /** Returns the exception for arguments that exclude each other. */
    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Returns the text of a file that the user gave: a checkpoint or a proof. */
    static String read(Path file) {
        String name = Printable.of(file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(INPUT_BYTES_MAX + 1);
            if (bytes.length > INPUT_BYTES_MAX) {
                throw new CannotRunException(
                        "cannot use " + name + ": no checkpoint or proof is over " + INPUT_BYTES_MAX + " bytes long");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CannotRunException("cannot use " + name + ": it is not UTF-8 text", e);
        } catch (NoSuchFileException e) {
            throw new CannotRunException("cannot read " + name + ": there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new CannotRunException("cannot read " + name + ": permission denied", e);
        } catch (IOException e) {
            throw new CannotRunException("cannot read " + name + ": " + e.getMessage(), e);
        }
    }
}
