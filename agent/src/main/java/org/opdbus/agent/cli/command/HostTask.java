// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Base of the commands on the containers of this host. */
public abstract class HostTask implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Carries out the command and returns the exit status. */
    protected abstract int run();

    @Override
    public final Integer call() {
        try {
            return run();
        } catch (ResultStream.ReaderGoneException gone) {
            return ExitStatus.DONE;
        }
    }

    protected final AgentConfig config() {
        return settings().load();
    }

    protected final Settings settings() {
        return program().settings();
    }

    protected final StandardStreams streams() {
        return program().streams();
    }

    private RootCommand program() {
        return (RootCommand) spec.root().userObject();
    }

    /** Returns the stream for results. */
    protected final ResultStream out() {
        return new ResultStream(streams());
    }

    /** Returns the stream for messages. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
