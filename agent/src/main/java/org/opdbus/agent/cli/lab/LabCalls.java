// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;

/**
 * Asks the agent about one lab, and prints the answer. What changes a lab ends with a line {@code OK}, or {@code KO} and the reason.
 */
final class LabCalls {
    static final String STANDARD_INPUT = "-";
    /** What fits into one message to the agent, escaped. */
    private static final int COMMANDS_BYTES_MAX = 900_000;

    private final AgentCalls agent;
    private final ResultStream out;
    private final PrintWriter err;
    private final String lab;

    LabCalls(AgentCalls agent, ResultStream out, PrintWriter err, String lab) {
        this.agent = agent;
        this.out = out;
        this.err = err;
        this.lab = lab;
    }

    int list(boolean json) {
        return printed("lab-list", labs -> {
            if (json) {
                out.json(JsonText.pretty(labs));
            } else {
                LabText.list(labs).forEach(out::line);
            }
        });
    }

    int show(boolean json) {
        return printed("lab-show", status -> {
            if (json) {
                out.json(JsonText.pretty(status));
            } else {
                LabText.status(status).forEach(out::line);
            }
        });
    }

    int counters(boolean json) {
        return printed("lab-counters", counters -> {
            if (json) {
                out.json(JsonText.pretty(counters));
            } else {
                LabText.counters(counters).forEach(out::line);
            }
        });
    }

    int dump() {
        return printed("lab-dump", lines -> lines.forEach(line -> out.line(line.asText())));
    }

    int start(boolean empty) {
        return told("lab-start", request().put("empty", empty));
    }

    int stop(boolean remove) {
        return told("lab-stop", request().put("remove", remove));
    }

    int change(List<String> words) {
        ObjectNode request = fromHere();
        words.forEach(request.putArray("words")::add);
        return told("lab-change", request);
    }

    int replay(String file) {
        String text = file.equals(STANDARD_INPUT) ? read(System.in, "standard input") : read(Path.of(file));
        return told("lab-change", fromHere().put("text", text));
    }

    private ObjectNode request() {
        return JsonNodeFactory.instance.objectNode().put("lab", lab);
    }

    /** The agent completes the names of files. */
    private ObjectNode fromHere() {
        return request().put("folder", Path.of("").toAbsolutePath().toString());
    }

    private interface Printing {
        void print(JsonNode answer);
    }

    private int printed(String method, Printing text) {
        JsonNode answer;
        try {
            answer = agent.call(method, request());
        } catch (CannotRunException failure) {
            return failed(failure);
        }
        text.print(answer);
        return ExitStatus.DONE;
    }

    private int told(String method, ObjectNode request) {
        JsonNode answer;
        try {
            answer = agent.call(method, request);
        } catch (CannotRunException failure) {
            return failed(failure);
        }
        answer.path("trouble")
                .properties()
                .forEach(one -> err.println(
                        "op-dbus: " + one.getKey() + ": " + one.getValue().asText()));
        out.line("OK");
        return ExitStatus.DONE;
    }

    private int failed(CannotRunException failure) {
        out.line("KO " + failure.getMessage());
        return ExitStatus.NO;
    }

    private static String read(Path file) {
        try (InputStream from = Files.newInputStream(file)) {
            return read(from, file.toString());
        } catch (NoSuchFileException none) {
            throw new CannotRunException("there is no file " + file, none);
        } catch (IOException failure) {
            throw new CannotRunException("cannot read " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static String read(InputStream from, String name) {
        try {
            byte[] bytes = from.readNBytes(COMMANDS_BYTES_MAX + 1);
            if (bytes.length > COMMANDS_BYTES_MAX) {
                throw new CannotRunException(name + " has more than " + COMMANDS_BYTES_MAX
                        + " bytes; split it, and replay the parts in turn");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new CannotRunException("cannot read " + name + ": " + failure.getMessage(), failure);
        }
    }
}
