// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.cluster.Message.AskCopies;
import org.opdbus.verticles.cluster.Message.AskEntries;
import org.opdbus.verticles.cluster.Message.AskProof;
import org.opdbus.verticles.cluster.Message.AskRows;
import org.opdbus.verticles.cluster.Message.Copies;
import org.opdbus.verticles.cluster.Message.Entries;
import org.opdbus.verticles.cluster.Message.Gone;
import org.opdbus.verticles.cluster.Message.Heartbeat;
import org.opdbus.verticles.cluster.Message.Proof;
import org.opdbus.verticles.cluster.Message.Rows;

/**
 * Messages as JSON: {@code {"v":1,"kind":…,"host":…}} and the fields of the kind. Another version may add fields and
 * kinds, which this one ignores; what this version defines keeps its meaning in every later one.
 */
final class Wire {
    static final int VERSION = 1;
    /** A larger message is not read; the largest that this program sends is smaller. */
    static final int BYTES_MAX = 1 << 20;
    /**
     * A copy or an entry over this is not sent unchanged, and no list of several is longer than the next constant.
     */
    static final int ONE_BYTES_MAX = 1 << 19;

    static final int BATCH_BYTES_MAX = 1 << 18;

    private static final int NAME_LENGTH_MAX = 256;
    private static final long HEIGHT_MAX = Long.MAX_VALUE / 2;

    private Wire() {}

    static Buffer write(Message message) {
        JsonObject json = new JsonObject().put("v", VERSION);
        if (message instanceof Copies copies) {
            copies(json, copies);
        } else if (message instanceof Heartbeat beat) {
            heartbeat(json, beat);
        } else if (message instanceof AskCopies ask) {
            range(json.put("kind", "ask-copies"), ask.epoch(), ask.from(), ask.to())
                    .put("covered", ask.covered())
                    .put("oldest", ask.oldest());
        } else if (message instanceof Gone gone) {
            range(json.put("kind", "gone"), gone.epoch(), gone.from(), gone.to())
                    .put("exact", gone.exact())
                    .put("kept", heights(gone.kept()))
                    .put("before", heights(gone.before()));
        } else if (message instanceof AskEntries ask) {
            json.put("kind", "ask-entries").put("from", ask.from()).put("to", ask.to());
        } else if (message instanceof Entries entries) {
            json.put("kind", "entries").put("from", entries.from()).put("lines", new JsonArray(entries.lines()));
        } else if (message instanceof AskProof ask) {
            json.put("kind", "ask-proof").put("older", ask.older()).put("newer", ask.newer());
        } else if (message instanceof Proof proof) {
            json.put("kind", "proof")
                    .put("older", proof.older())
                    .put("newer", proof.newer())
                    .put("text", proof.text())
                    .put("problem", proof.problem());
        } else if (message instanceof AskRows ask) {
            json.put("kind", "ask-rows").put("from", ask.from());
        } else if (message instanceof Rows rows) {
            json.put("kind", "rows")
                    .put("epoch", rows.epoch())
                    .put("table", rows.table())
                    .put("from", rows.from())
                    .put("of", rows.of())
                    .put("left_out", rows.leftOut())
                    .put("rows", new JsonArray(rows.rows()));
        } else {
            Questions.write(json, message);
        }
        return json.put("host", message.host()).toBuffer();
    }

    private static JsonObject range(JsonObject json, long epoch, long from, long to) {
        return json.put("epoch", epoch).put("from", from).put("to", to);
    }

    /** The ends of each range, one after the other. */
    static JsonArray heights(List<HeightRanges.Range> ranges) {
        JsonArray ends = new JsonArray();
        ranges.forEach(range -> ends.add(range.low()).add(range.high()));
        return ends;
    }

    private static void copies(JsonObject json, Copies copies) {
        JsonArray list = new JsonArray();
        for (Copy copy : copies.copies()) {
            JsonObject one = new JsonObject()
                    .put("epoch", copy.epoch())
                    .put("seq", copy.sequence())
                    .put("height", copy.height())
                    .put("time", copy.time().toString())
                    .put("kind", copy.kind())
                    .put("subject", copy.subject())
                    .put("data", copy.data());
            if (copy.kept()) {
                one.put("kept", true);
            }
            if (copy.of() > 0) {
                one.put("of", copy.of());
            }
            list.add(one);
        }
        json.put("kind", "copies").put("copies", list);
    }

    private static void heartbeat(JsonObject json, Heartbeat beat) {
        json.put("kind", "heartbeat")
                .put("epoch", beat.epoch())
                .put("beat", beat.beat())
                .put("base", beat.base())
                .put("first", beat.first())
                .put("firstHeight", beat.firstHeight())
                .put("last", beat.last())
                .put("height", beat.height())
                .put("version", beat.version())
                .put("checkpoint", beat.checkpoint())
                .put("key", beat.key());
        if (beat.table() > 0) {
            json.put("table", beat.table());
        }
    }

    /**
     * Parses a message; empty if it is of a kind that this version does not know.
     *
     * @throws IllegalArgumentException if it is malformed, with the error
     */
    static Optional<Message> read(Buffer bytes) {
        if (bytes.length() > BYTES_MAX) {
            throw new IllegalArgumentException("it is over " + BYTES_MAX + " bytes long");
        }
        try {
            return read(bytes.toJsonObject());
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // The JSON library throws various exceptions for invalid bytes, or for a value of
            // another type.
            throw new IllegalArgumentException("it is not a message: " + e.getMessage(), e);
        }
    }

    /** Returns the sender of a message that cannot be parsed, if it can be found out. */
    static Optional<String> hostOf(Buffer bytes) {
        try {
            return bytes.length() > BYTES_MAX ? Optional.empty() : Optional.of(name(bytes.toJsonObject(), "host"));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Message> read(JsonObject json) {
        if (number(json, "v") < 1) {
            throw new IllegalArgumentException("it has no version");
        }
        String host = name(json, "host");
        return switch (name(json, "kind")) {
            case "copies" -> Optional.of(copies(host, json.getJsonArray("copies")));
            case "heartbeat" -> Optional.of(heartbeat(host, json));
            case "ask-copies" ->
                Optional.of(new AskCopies(
                        host,
                        number(json, "epoch"),
                        number(json, "from"),
                        number(json, "to"),
                        number(json, "covered"),
                        number(json, "oldest")));
            case "gone" ->
                Optional.of(new Gone(
                        host,
                        number(json, "epoch"),
                        number(json, "from"),
                        number(json, "to"),
                        json.getBoolean("exact"),
                        heights(json.getJsonArray("kept")),
                        heights(json.getJsonArray("before"))));
            case "ask-entries" -> Optional.of(new AskEntries(host, number(json, "from"), number(json, "to")));
            case "entries" -> Optional.of(new Entries(host, number(json, "from"), texts(json, "lines")));
            case "ask-proof" -> Optional.of(new AskProof(host, text(json, "older"), text(json, "newer")));
            case "proof" ->
                Optional.of(new Proof(
                        host, text(json, "older"), text(json, "newer"), text(json, "text"), text(json, "problem")));
            case "ask-rows" -> Optional.of(new AskRows(host, number(json, "from")));
            case "rows" ->
                Optional.of(new Rows(
                        host,
                        number(json, "epoch"),
                        number(json, "table"),
                        number(json, "from"),
                        number(json, "of"),
                        number(json, "left_out"),
                        texts(json, "rows")));
            default -> Questions.read(host, json);
        };
    }

    private static Copies copies(String host, JsonArray list) {
        List<Copy> copies = list.stream()
                .map(JsonObject.class::cast)
                .map(one -> new Copy(
                        host,
                        number(one, "epoch"),
                        number(one, "seq"),
                        number(one, "height"),
                        Instant.parse(text(one, "time")),
                        name(one, "kind"),
                        text(one, "subject"),
                        one.getJsonObject("data", new JsonObject()),
                        one.getBoolean("kept", false),
                        one.getLong("of", 0L)))
                .toList();
        return new Copies(host, copies);
    }

    private static Heartbeat heartbeat(String host, JsonObject json) {
        return new Heartbeat(
                host,
                number(json, "epoch"),
                number(json, "beat"),
                number(json, "base"),
                number(json, "first"),
                number(json, "firstHeight"),
                number(json, "last"),
                number(json, "height"),
                text(json, "version"),
                text(json, "checkpoint"),
                text(json, "key"),
                json.containsKey("table") ? number(json, "table") : 0);
    }

    static long number(JsonObject json, String key) {
        if (!(json.getValue(key) instanceof Number number) || number.longValue() < 0) {
            throw new IllegalArgumentException("its \"" + key + "\" is not a number from 0 on");
        }
        return number.longValue();
    }

    static List<HeightRanges.Range> heights(JsonArray ends) {
        HeightRanges ranges = new HeightRanges();
        for (int i = 0; i + 1 < ends.size(); i += 2) {
            long low = ends.getLong(i);
            long high = ends.getLong(i + 1);
            if (low < 1 || high < low || high > HEIGHT_MAX) {
                throw new IllegalArgumentException("it has heights from " + low + " to " + high);
            }
            ranges.add(new HeightRanges.Range(low, high));
        }
        return ranges.list();
    }

    static String text(JsonObject json, String key) {
        if (!(json.getValue(key) instanceof String text)) {
            throw new IllegalArgumentException("its \"" + key + "\" is not a text");
        }
        return text;
    }

    private static List<String> texts(JsonObject json, String key) {
        return json.getJsonArray(key).stream().map(String.class::cast).toList();
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
