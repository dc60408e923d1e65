// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;

/**
 * Reads what an engine answers (Docker Engine API 1.24 to 1.47; Podman's compatible API). Fields that are absent or of another type
 * have their empty value, but an answer without the id of a container is refused. Every text is cut to
 * {@link EngineLimits#TEXT_LENGTH_MAX}.
 */
final class EngineReader {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    /** The digits by which both engines show a container. */
    static final int ID_SHOWN = 12;

    /** The states, of both engines, in which a container surely has no process. */
    private static final Set<String> AT_REST =
            Set.of("created", "configured", "initialized", "exited", "stopped", "dead");

    private final Kind kind;

    EngineReader(Kind kind) {
        this.kind = kind;
    }

    /** A container in a list. */
    record ListedContainer(String engineId, EngineContainer container, boolean mayRun) {}

    /**
     * The answer about one container.
     *
     * @param initPid its init; 0 if it does not run
     * @param startedAtNs when that was started, by the engine's clock; 0 if the answer does not say
     */
    record InspectedContainer(EngineContainer container, long initPid, long startedAtNs) {
        boolean isRunning() {
            return initPid > 0;
        }
    }

    /**
     * An event about a container.
     *
     * @param container the container as far as an event shows it; its network is unknown
     * @param atNs when it happened, by the engine's clock
     */
    record EngineEvent(String engineId, String action, EngineContainer container, String exitCode, long atNs) {}

    /** Reads one container of {@code GET /containers/json}. */
    ListedContainer listed(JsonObject entry) {
        String engineId = id(entry.getValue("Id"));
        String name = name(entry.getValue("Names"));
        EngineContainer container = container(
                engineId,
                name,
                text(entry, "Image"),
                network(object(entry, "HostConfig")),
                labels(object(entry, "Labels")));
        return new ListedContainer(engineId, container, !AT_REST.contains(text(entry, "State")));
    }

    /** Reads {@code GET /containers/ID/json}, which must be about this container. */
    InspectedContainer inspected(String engineId, JsonObject answer) {
        if (!engineId.equals(id(answer.getValue("Id")))) {
            throw new EngineException(Reason.INVALID, "the answer is about another container");
        }
        JsonObject config = object(answer, "Config");
        JsonObject state = object(answer, "State");
        EngineContainer container = container(
                engineId,
                text(answer, "Name"),
                text(config, "Image"),
                network(object(answer, "HostConfig")),
                labels(object(config, "Labels")));
        boolean runs = Boolean.TRUE.equals(state.getValue("Running"));
        return new InspectedContainer(
                container, runs ? number(state, "Pid") : 0, startedAtNs(text(state, "StartedAt")));
    }

    /** Reads one line of {@code GET /events}; empty if it is not about a container. */
    Optional<EngineEvent> event(JsonObject line) {
        if (!text(line, "Type").equals("container")) {
            return Optional.empty();
        }
        JsonObject actor = object(line, "Actor");
        JsonObject attributes = object(actor, "Attributes");
        String engineId = id(actor.getValue("ID"));
        EngineContainer container =
                container(engineId, text(attributes, "name"), text(attributes, "image"), "", labels(attributes));
        return Optional.of(new EngineEvent(
                engineId, text(line, "Action"), container, text(attributes, "exitCode"), number(line, "timeNano")));
    }

    private EngineContainer container(
            String engineId, String name, String image, String network, Map<String, String> labels) {
        ContainerId id = kind.id(engineId.substring(0, ID_SHOWN));
        String plainName = name.startsWith("/") ? name.substring(1) : name;
        String shownName = plainName.isEmpty() ? id.own() : plainName;
        return new EngineContainer(
                id, cut(shownName), cut(image), cut(network), EngineLabels.read(labels, shownName, image));
    }

    private static String id(Object value) {
        if (value instanceof String id && ID.matcher(id).matches()) {
            return id;
        }
        throw new EngineException(Reason.INVALID, "the answer has a container without a valid id");
    }

    /** Docker also lists the names by which other containers know it, {@code /other/alias}. */
    private static String name(Object names) {
        if (names instanceof JsonArray list) {
            for (Object each : list) {
                if (each instanceof String name && name.lastIndexOf('/') <= 0) {
                    return name;
                }
            }
        }
        return "";
    }

    /** Docker calls the network that a container gets unasked {@code default}. */
    private static String network(JsonObject hostConfig) {
        String mode = text(hostConfig, "NetworkMode");
        return mode.equals("default") ? "bridge" : mode;
    }

    private static Map<String, String> labels(JsonObject labels) {
        Map<String, String> texts = new HashMap<>();
        labels.forEach(label -> {
            if (label.getValue() instanceof String value) {
                texts.put(label.getKey(), value);
            }
        });
        return texts;
    }

    private static long startedAtNs(String time) {
        try {
            Instant instant = Instant.parse(time);
            return Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toNanos(1)), instant.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            return 0;
        }
    }

    private static JsonObject object(JsonObject json, String key) {
        return json.getValue(key) instanceof JsonObject object ? object : new JsonObject();
    }

    private static String text(JsonObject json, String key) {
        return json.getValue(key) instanceof String text ? text : "";
    }

    private static long number(JsonObject json, String key) {
        return json.getValue(key) instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }

    private static String cut(String text) {
        if (text.length() <= EngineLimits.TEXT_LENGTH_MAX) {
            return text;
        }
        int end = EngineLimits.TEXT_LENGTH_MAX - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
