// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.verticles.cluster.wire.Message.AskClaim;
import org.opdbus.verticles.cluster.wire.Message.AskEntries;
import org.opdbus.verticles.cluster.wire.Message.AskHead;
import org.opdbus.verticles.cluster.wire.Message.AskProof;
import org.opdbus.verticles.cluster.wire.Message.AskRows;
import org.opdbus.verticles.cluster.wire.Message.Claim;
import org.opdbus.verticles.cluster.wire.Message.Entries;
import org.opdbus.verticles.cluster.wire.Message.Held;
import org.opdbus.verticles.cluster.wire.Message.LedgerHead;
import org.opdbus.verticles.cluster.wire.Message.LiveFacts;
import org.opdbus.verticles.cluster.wire.Message.Proof;
import org.opdbus.verticles.cluster.wire.Message.Rows;

/**
 * Messages as JSON: {@code {"v":2,"host":…,"for":…,"kind":…}} and the fields of the kind; a message for all hosts has
 * no {@code for}. A later version may add fields and
 * kinds, which this one ignores; what this version defines keeps its meaning in every later one.
 */
public final class Wire {
    /** Version 1 had other kinds of messages, without signatures; agents of it ignore the kinds of this one. */
    static final int VERSION = 2;
    /** A larger message is not read; the largest that this program sends is smaller. */
    public static final int BYTES_MAX = 1 << 20;
    /** A fact over this is sent without its data. */
    public static final int ONE_BYTES_MAX = 1 << 19;
    /** A list of several facts, entries or containers is no longer than this. */
    public static final int BATCH_BYTES_MAX = 1 << 18;

    /** The largest number of hosts; messages of further hosts are ignored. */
    public static final int HOSTS_MAX = 1024;

    private static final int NAME_LENGTH_MAX = 256;

    private Wire() {}

    /** Returns the bytes of a message; {@code to} is the only host that may read it, if the message is not for all. */
    public static Buffer write(Message message, String to) {
        JsonObject json = message.json().put("v", VERSION).put("host", message.host());
        return (message.isForAll() ? json : json.put("for", to)).toBuffer();
    }

    /**
     * Parses a message; empty if it is of a kind that this version does not know.
     *
     * @throws IllegalArgumentException if it is malformed, with the error
     */
    public static Optional<Message> read(Buffer bytes) {
        return read(json(bytes));
    }

    /** Returns the only host that may read a message; empty if the message is for all, or its agent names none yet. */
    static Optional<String> receiver(JsonObject json) {
        return json.containsKey("for") ? Optional.of(name(json, "for")) : Optional.empty();
    }

    static JsonObject json(Buffer bytes) {
        if (bytes.length() > BYTES_MAX) {
            throw new IllegalArgumentException("it is over " + BYTES_MAX + " bytes long");
        }
        try {
            return bytes.toJsonObject();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("it is not a message: " + e.getMessage(), e);
        }
    }

    /** Returns the sender that a message names, if it can be found out. */
    public static Optional<String> hostOf(Buffer bytes) {
        try {
            return bytes.length() > BYTES_MAX ? Optional.empty() : Optional.of(name(bytes.toJsonObject(), "host"));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    static Optional<Message> read(JsonObject json) {
        try {
            return message(json);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // The JSON library throws various exceptions for a value of another type.
            throw new IllegalArgumentException("it is not a message: " + e.getMessage(), e);
        }
    }

    private static Optional<Message> message(JsonObject json) {
        if (number(json, "v") < VERSION) {
            throw new IllegalArgumentException("it is of an earlier program, whose messages carry no signature");
        }
        String host = name(json, "host");
        return switch (name(json, "kind")) {
            case "head" -> Optional.of(head(host, json));
            case "live" -> Optional.of(live(host, json));
            case "ask-entries" -> Optional.of(new AskEntries(host, number(json, "from"), number(json, "to")));
            case "entries" -> Optional.of(new Entries(host, number(json, "from"), texts(json, "lines")));
            case "ask-proof" -> Optional.of(new AskProof(host, text(json, "older"), text(json, "newer")));
            case "proof" ->
                Optional.of(new Proof(
                        host, text(json, "older"), text(json, "newer"), text(json, "text"), text(json, "problem")));
            case "ask-rows" -> Optional.of(new AskRows(host));
            case "rows" ->
                Optional.of(new Rows(
                        host,
                        number(json, "run"),
                        number(json, "table"),
                        number(json, "left_out"),
                        texts(json, "rows")));
            case "ask-claim" -> Optional.of(new AskClaim(host, number(json, "question"), texts(json, "ids")));
            case "claim" -> Optional.of(claim(host, json));
            case "ask-head" -> Optional.of(new AskHead(host, number(json, "question")));
            case "held" -> Optional.of(new Held(host, number(json, "question"), text(json, "checkpoint")));
            default -> Optional.empty();
        };
    }

    private static LedgerHead head(String host, JsonObject json) {
        return new LedgerHead(
                host,
                number(json, "run"),
                number(json, "count"),
                number(json, "base"),
                number(json, "height"),
                text(json, "version"),
                text(json, "checkpoint"),
                text(json, "key"),
                number(json, "table"));
    }

    private static LiveFacts live(String host, JsonObject json) {
        List<LiveFact> facts = json.getJsonArray("facts").stream()
                .map(JsonObject.class::cast)
                .map(LiveFact::of)
                .toList();
        return new LiveFacts(host, number(json, "run"), number(json, "first"), facts);
    }

    private static Claim claim(String host, JsonObject json) {
        Map<String, Instant> running = new TreeMap<>();
        JsonObject since = json.getJsonObject("running");
        since.fieldNames().forEach(id -> running.put(id, Instant.parse(text(since, id))));
        return new Claim(host, number(json, "question"), json.getBoolean("caughtUp"), running);
    }

    private static long number(JsonObject json, String key) {
        if (!(json.getValue(key) instanceof Number number)
                || number.longValue() < 0
                || number.longValue() > Long.MAX_VALUE / 2) {
            throw new IllegalArgumentException("its \"" + key + "\" is not a number from 0 on");
        }
        return number.longValue();
    }

    static String text(JsonObject json, String key) {
        if (!(json.getValue(key) instanceof String text)) {
            throw new IllegalArgumentException("its \"" + key + "\" is not a text");
        }
        return text;
    }

    private static List<String> texts(JsonObject json, String key) {
        JsonArray array = json.getJsonArray(key);
        return array.stream().map(String.class::cast).toList();
    }

    static String name(JsonObject json, String key) {
        String name = text(json, key);
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "its \"" + key + "\" is not a name of 1 to " + NAME_LENGTH_MAX + " characters");
        }
        return name;
    }
}
