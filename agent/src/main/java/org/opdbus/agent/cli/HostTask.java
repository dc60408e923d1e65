// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Base of the commands on the containers of this host. */
abstract class HostTask implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Carries out the command and returns the exit status. */
    abstract int run();

    @Override
    public final Integer call() {
        try {
            return run();
        } catch (ResultStream.ReaderGoneException gone) {
            return CommandLineProgram.DONE;
        }
    }

    final AgentConfig config() {
        return settings().load();
    }

    final Settings settings() {
        return program().settings();
    }

    final StandardStreams streams() {
        return program().streams();
    }

    private CommandLineProgram program() {
        return (CommandLineProgram) spec.root().userObject();
    }

    /** Returns the stream for results. */
    final ResultStream out() {
        return new ResultStream(streams());
    }

    /** Returns the stream for messages. */
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
