// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "log-level",
        description = {
            "Shows or sets how much the running agent logs.",
            "Without arguments it prints every logger that has a level of its own. With a package "
                    + "it prints the level in force. With a package and a level it sets the level, until "
                    + "the agent restarts, and writes a log line about it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus log-level",
            "  op-dbus log-level netlink debug",
            "  op-dbus log-level netlink default",
            "  op-dbus log-level org.opdbus.verticles.ovsdb.OvsdbClient trace"
        })
final class LogLevelCommand extends HostTask {
    private static final List<String> HEAD = List.of("PACKAGE", "LEVEL", "SET");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PACKAGE",
            description = "A package or class of org.opdbus, or its last name alone: netlink, "
                    + "ovsdb, lxc, reconcile, …; op-dbus for the log lines about state "
                    + "changes.")
    private @Nullable String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "LEVEL",
            completionCandidates = Levels.class,
            description = "ERROR, WARN, INFO, DEBUG, TRACE, or default for the level in the " + "configuration.")
    private @Nullable String level;

    @Option(names = "--json", description = "As a JSON array, for programs.")
    private boolean json;

    /** Supplies the candidates for shell completion. */
    static final class Levels extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Levels() {
            super(List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE", "default"));
        }
    }

    @Override
    protected int run() {
        ObjectNode asked = JsonNodeFactory.instance.objectNode();
        if (name != null) {
            asked.put("package", name);
        }
        if (level != null) {
            asked.put("level", level);
        }
        ResultStream out = out();
        try (ControlClient agent = ControlClient.require(config().runtime().controlSocket())) {
            JsonNode levels = agent.call("log-level", asked);
            if (json) {
                out.json(JsonText.pretty(levels));
            } else {
                List<List<String>> rows = new ArrayList<>(List.of(HEAD));
                levels.forEach(each -> rows.add(List.of(
                        each.path("package").asText(),
                        each.path("level").asText(),
                        each.path("own").asBoolean() ? "here" : "above")));
                new TextTable(rows).lines().forEach(out::line);
            }
        }
        out.flush();
        return ExitStatus.DONE;
    }
}
