// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "events",
        description = {
            "Prints every event on the agent's bus as one JSON object a line, from now on.",
            "Whoever reads too slowly misses events and is told how many: a line of the kind events.missed. The ledger"
                    + " misses none."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus events -f | jq 'select(.kind == \"container.enrolled\")'",
            "  op-dbus events -f --filter kind=container.*,container=100"
        })
final class EventsCommand extends HostTask {
    private static final Map<String, String> KEYS =
            Map.of("kind", "kinds", "container", "subjects", "subject", "subjects");

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted. Events are not kept, so there is nothing to print without it;"
                    + " for what happened before see \"op-dbus ledger tail\".")
    private boolean follow;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            split = ",",
            description =
                    "Only these: kind=KIND (container.* is every kind that begins so), container=ID, subject=NAME."
                            + " May be repeated; of one key any value will do, of different keys all count.")
    private List<String> filters = List.of();

    @Override
    int run() {
        if (!follow) {
            throw new CannotRunException("events are not kept: follow them with -f, or read \"op-dbus ledger tail\"");
        }
        ObjectNode filter = filter();
        ResultStream out = out();
        try (ControlClient agent = ControlClient.require(config().runtime().controlSocket())) {
            agent.call("events", filter);
            for (Optional<JsonNode> event = agent.next(); event.isPresent(); event = agent.next()) {
                out.line(event.get().toString());
                out.flush();
            }
        }
        throw new CannotRunException("the agent has stopped");
    }

    private ObjectNode filter() {
        ObjectNode filter = JsonNodeFactory.instance.objectNode();
        for (String given : filters) {
            int equals = given.indexOf('=');
            String key = equals < 0 ? given : given.substring(0, equals);
            String list = KEYS.get(key);
            if (list == null || equals < 0) {
                throw new CannotRunException("--filter " + given + ": must be kind=…, container=… or subject=…");
            }
            filter.withArray(list).add(given.substring(equals + 1));
        }
        return filter;
    }
}
