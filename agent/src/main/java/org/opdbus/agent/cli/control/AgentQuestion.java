// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.agent.doctor.AgentReply;
import org.opdbus.agent.doctor.AgentReply.ContainerReply;
import org.opdbus.agent.doctor.AgentReply.EngineReply;
import org.opdbus.agent.doctor.AgentReply.LabReply;
import org.opdbus.config.RuntimeConfig;

/** Asks the agent for its status, with a limit on the wait. */
public final class AgentQuestion {
    private static final long LIMIT_S = 10;
    /** The keys of containers and of virtual machines in the state of a plugin. */
    private static final List<String> LISTS = List.of("containers", "machines");

    private AgentQuestion() {}

    /** Returns the agent's answer, or what went wrong; never throws. */
    public static AgentReply ask(RuntimeConfig runtime) {
        // Daemon, so that a thread that hangs in a socket does not keep the process alive.
        Executor thread = work -> {
            Thread made = new Thread(work, "op-dbus-agent");
            made.setDaemon(true);
            made.start();
        };
        CompletableFuture<AgentReply> reply = CompletableFuture.supplyAsync(() -> reply(runtime), thread);
        try {
            return reply.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return AgentReply.failed("nothing came in " + LIMIT_S + " s");
        } catch (ExecutionException | CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return AgentReply.failed(String.valueOf(cause.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return AgentReply.failed("interrupted");
        }
    }

    private static AgentReply reply(RuntimeConfig runtime) {
        Optional<ControlClient> connected = ControlClient.connect(runtime.controlSocket());
        if (connected.isEmpty()) {
            return AgentReply.none();
        }
        try (ControlClient agent = connected.get()) {
            JsonNode version = agent.call("version");
            JsonNode state = agent.call("query");
            JsonNode rows = rows(runtime.nonnetSocket());
            JsonNode host = host(rows.path(0));
            return new AgentReply(
                    true,
                    Optional.empty(),
                    version.path("version").asText(),
                    map(host.path("sources")),
                    Optional.of(host.path("ledger_error"))
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::asText),
                    containers(state),
                    labs(rows.path(1)));
        }
    }

    /** Returns the rows about hosts and about labs in the agent's read-only database (RFC 7047). */
    private static JsonNode rows(Path socket) {
        try (ControlClient database = ControlClient.require(socket)) {
            return database.call("transact", new TextNode("OpNonNet"), select("host"), select("lab"));
        }
    }

    private static ObjectNode select(String table) {
        ObjectNode select =
                JsonNodeFactory.instance.objectNode().put("op", "select").put("table", table);
        select.putArray("where");
        return select;
    }

    /** Returns the agent's row about itself. */
    private static JsonNode host(JsonNode result) {
        for (JsonNode row : result.path("rows")) {
            // In a cluster the table also has the rows of other hosts.
            if (row.path("state").asText("self").equals("self")) {
                return row;
            }
        }
        return MissingNode.getInstance();
    }

    /** Returns the labs; an agent of an earlier version has no such table, and its result has no rows. */
    private static List<LabReply> labs(JsonNode result) {
        List<LabReply> labs = new ArrayList<>();
        result.path("rows")
                .forEach(row -> labs.add(new LabReply(
                        row.path("name").asText(), row.path("running").asBoolean(), map(row.path("trouble")))));
        labs.sort(Comparator.comparing(LabReply::name));
        return labs;
    }

    /** Returns a map of the database ({@code ["map",[[key,value],…]]}). */
    private static Map<String, String> map(JsonNode value) {
        Map<String, String> map = new LinkedHashMap<>();
        value.path(1)
                .forEach(pair -> map.put(pair.path(0).asText(), pair.path(1).asText()));
        return map;
    }

    private static List<ContainerReply> containers(JsonNode state) {
        List<ContainerReply> containers = new ArrayList<>();
        for (JsonNode plugin : state.path("plugins")) {
            for (String list : LISTS) {
                plugin.path(list).forEach(each -> containers.add(container(each)));
            }
        }
        return containers;
    }

    private static ContainerReply container(JsonNode container) {
        return new ContainerReply(
                container.path("id").asText(),
                container.path("state").asText(),
                container.path("reason").asText(),
                container.path("remedy").asText(),
                container.at("/mesh/remedy").asText(),
                container.has("network") ? Optional.of(engine(container)) : Optional.empty());
    }

    private static EngineReply engine(JsonNode container) {
        List<String> faults = new ArrayList<>();
        container.path("label_faults").forEach(fault -> faults.add(fault.asText()));
        return new EngineReply(
                container.path("name").asText(),
                container.path("network").asText(),
                container.path("bridge").asText(),
                faults);
    }
}
