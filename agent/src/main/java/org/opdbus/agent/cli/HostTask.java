// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What commands on the containers of this host share. */
abstract class HostTask implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Does what the command is for, and returns the exit status. */
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
        return program().settings().load();
    }

    final StandardStreams streams() {
        return program().streams();
    }

    private CommandLineProgram program() {
        return (CommandLineProgram) spec.root().userObject();
    }

    /** Where results go. */
    final ResultStream out() {
        return new ResultStream(streams());
    }

    /** Where messages go. */
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** A JSON value as text for people and programs. */
    static String pretty(JsonNode json) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }
}
