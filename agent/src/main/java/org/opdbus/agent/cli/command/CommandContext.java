// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.io.PrintWriter;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.config.AgentConfig;

/**
 * What a {@link DescribedCommand} runs with.
 *
 * @param settings the options that every command has
 * @param err the stream for messages
 */
public record CommandContext(Settings settings, StandardStreams streams, PrintWriter err) {
    /** Loads and returns the configuration. */
    public AgentConfig config() {
        return settings.load();
    }

    /** Returns a new stream for results. */
    public ResultStream out() {
        return new ResultStream(streams);
    }

    /** Prints a message for the user. */
    public void say(String message) {
        err.println("op-dbus: " + message);
    }

    /** Runs the command and returns its exit status. */
    int run(DescribedCommand command, Arguments given) throws Exception {
        try {
            return command.run(this, given);
        } catch (ResultStream.ReaderGoneException gone) {
            return ExitStatus.DONE;
        }
    }
}
