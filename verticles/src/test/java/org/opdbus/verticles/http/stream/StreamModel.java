// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the stream as docs/API.md says: keeps a picture of the hosts, and checks that each message follows the one before. It remembers
 * across connections what a browser remembers. For one thread.
 */
public final class StreamModel {
    private static final Set<String> KINDS = Set.of("hosts", "containers", "bridges", "ports", "links", "labs");

    /** Every object by its kind and key. */
    public final Map<String, Map<String, JsonObject>> picture = new TreeMap<>();

    /** The lines of this run by their numbers, without the numbers. */
    public final Map<Long, JsonObject> events = new TreeMap<>();

    private final Map<String, Integer> counts = new HashMap<>();
    private Buffer unread = Buffer.buffer();
    private Optional<String> lastId = Optional.empty();
    private String run = "";
    private long version = Position.NONE;
    private long event = Position.NONE;

    /** The connection is lost, and with it the message of which only a part has come. */
    public void cut() {
        unread = Buffer.buffer();
    }

    /** Returns what the next connection sends as Last-Event-ID. */
    public Optional<String> lastId() {
        return lastId;
    }

    public String run() {
        return run;
    }

    public long version() {
        return version;
    }

    /** Returns the number of the last event. */
    public long event() {
        return event;
    }

    /** Returns how many messages of this name have come. */
    public int count(String name) {
        return counts.getOrDefault(name, 0);
    }

    /** Reads what has come. */
    public void read(Buffer bytes) {
        unread.appendBuffer(bytes);
        String text = unread.toString(StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf("\n\n");
        if (end >= 0) {
            for (String message : text.substring(0, end).split("\n\n", -1)) {
                read(new String(message.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            }
            unread = Buffer.buffer().appendBuffer(unread.getBuffer(end + 2, unread.length()));
        }
    }

    private void read(String message) {
        Map<String, String> fields = new HashMap<>();
        message.lines().filter(each -> !each.startsWith(":")).forEach(each -> {
            String[] parts = each.split(": ", 2);
            assertThat(fields.put(parts[0], parts[1])).as(message).isNull();
        });
        if (fields.isEmpty()) {
            return;
        }
        String name = fields.getOrDefault("event", "");
        counts.merge(name, 1, Integer::sum);
        JsonObject data = new JsonObject(fields.getOrDefault("data", ""));
        switch (name) {
            case "hello" -> hello(data);
            case "snapshot" -> snapshot(data);
            case "change" -> change(data);
            case "event" -> event(data);
            case "gap" -> gap(data);
            case "figures" -> assertThat(data.isEmpty()).isFalse();
            default -> throw new AssertionError("an unknown message: " + message);
        }
        Optional.ofNullable(fields.get("id")).ifPresent(id -> {
            lastId = Optional.of(id);
            if (!name.equals("hello")) {
                assertThat(id).isEqualTo(new Position(run, version, event).toString());
            }
        });
    }

    private void hello(JsonObject data) {
        long before = data.getLong("event") == null ? Position.NONE : data.getLong("event");
        if (!data.getString("run").equals(run)) {
            run = data.getString("run");
            event = before;
            version = Position.NONE;
            events.clear();
        }
        assertThat(before).as("the lines go on").isEqualTo(event);
    }

    /** Returns an object of a kind, by its key. */
    public Optional<JsonObject> find(String kind, String key) {
        return Optional.ofNullable(picture.getOrDefault(kind, Map.of()).get(key));
    }

    private void snapshot(JsonObject data) {
        picture.clear();
        for (String kind : KINDS) {
            Map<String, JsonObject> objects = new TreeMap<>();
            for (Object each : data.getJsonArray(kind)) {
                JsonObject object = (JsonObject) each;
                assertThat(objects.put(object.getString("key"), object)).isNull();
            }
            picture.put(kind, objects);
        }
        version = data.getLong("version");
        assertThat(data.getJsonObject("host"))
                .isEqualTo(requireNonNull(picture.get("hosts"))
                        .get(data.getJsonObject("host").getString("key")));
    }

    private void change(JsonObject data) {
        assertThat(data.getLong("from"))
                .as("a change follows what the client has")
                .isEqualTo(version);
        version = data.getLong("to");
        for (String kind : KINDS) {
            JsonObject different = data.getJsonObject(kind, new JsonObject());
            Map<String, JsonObject> objects = picture.getOrDefault(kind, new TreeMap<>());
            different
                    .getJsonArray("gone", new JsonArray())
                    .forEach(key -> assertThat(objects.remove(String.valueOf(key)))
                            .as("%s %s was there", kind, key)
                            .isNotNull());
            different
                    .getJsonArray("put", new JsonArray())
                    .forEach(each -> objects.put(((JsonObject) each).getString("key"), (JsonObject) each));
        }
    }

    private void event(JsonObject data) {
        long number = data.getLong("number");
        assertThat(number).as("no line is missing and none comes twice").isEqualTo(event + 1);
        event = number;
        data.remove("number");
        events.put(number, data);
    }

    private void gap(JsonObject data) {
        assertThat(data.getLong("from")).isEqualTo(event + 1);
        assertThat(data.getLong("to")).isGreaterThanOrEqualTo(data.getLong("from"));
        event = data.getLong("to");
    }
}
