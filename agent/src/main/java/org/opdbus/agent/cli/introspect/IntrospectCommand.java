// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.introspect;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonCopy;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.TerminalStyle;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.IntrospectSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code op-dbus introspect}. */
@Command(
        name = "introspect",
        description = {
            "Describes the network of this host: links, addresses, routes and rules of all tables, name resolution, bridges of "
                    + "Open vSwitch, containers, and who owns each of them.",
            "On a terminal it draws a tree, without the routes of the table local; the environment variable NO_COLOR turns "
                    + "colors off. Otherwise it prints one JSON object. docs/INTROSPECT.md describes it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus introspect",
            "  op-dbus introspect | jq -r '.links[] | select(.owner == \"nobody\") | .name'",
            "  op-dbus introspect --schema > introspect.schema.json"
        })
public final class IntrospectCommand extends HostTask {
    @Option(names = "--json", description = "As JSON on a terminal, too.")
    private boolean json;

    @Option(
            names = {"-p", "--pretty"},
            description = "As JSON on several lines.")
    private boolean pretty;

    @Option(
            names = "--schema",
            description = "Print the JSON Schema (draft 2020-12) of the JSON object, and nothing else.")
    private boolean schema;

    @Override
    protected int run() {
        ResultStream out = out();
        if (schema) {
            out.exact(IntrospectSchema.text());
        } else {
            print(document(), out);
        }
        out.flush();
        return ExitStatus.DONE;
    }

    /**
     * Returns the text of the document; the largest ones would take ten times as much as a tree of values. The command
     * reads it to its end before it prints any of it: what it prints is always whole, and the agent holds no part of the answer,
     * which counts in the budget of all callers, while a pager does not read.
     */
    private String document() {
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
            return agent.text("introspect", List.of());
        }
    }

    private void print(String document, ResultStream out) {
        if (pretty) {
            out.json(document);
            return;
        }
        try (JsonParser reader = JsonText.reader(document)) {
            if (json || !streams().outIsTerminal()) {
                JsonCopy.next(reader, out);
                out.write('\n');
            } else {
                new NetworkTree(new TreeLines(out, TerminalStyle.ofStandardOutput())).draw(reader);
            }
        } catch (IOException e) {
            throw new CannotRunException("the agent's answer is not JSON: " + e.getMessage(), e);
        }
    }
}
