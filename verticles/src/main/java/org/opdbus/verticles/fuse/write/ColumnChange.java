// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.write;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.fuse.tree.RefusedWriteException;
import org.opdbus.verticles.fuse.tree.RefusedWriteException.Reason;
import org.opdbus.verticles.view.PortOwner;
import org.opdbus.verticles.view.ProxmoxPicture;

/**
 * A change of one column that a writer asks for, as one guarded transaction (RFC 7047 section 5.2). It changes nothing that the
 * agent or Proxmox would set back: the VLANs of a port through which the agent enrolled a container, what Proxmox configures of a
 * guest's link, and the marks of the agent.
 *
 * @param target what it changes, for the record
 * @param operations the transaction, as a JSON array
 * @param isChange whether the column has another value afterwards
 */
record ColumnChange(String target, String operations, boolean isChange) {
    private static final String PORT = "Port";
    private static final String INTERFACE = "Interface";
    private static final String BRIDGE = "Bridge";
    private static final String IDS = "external_ids";
    private static final String MTU = "mtu_request";
    private static final String TRUNKS = "trunks";
    private static final Map<String, List<String>> WRITABLE =
            Map.of(PORT, List.of("tag", TRUNKS, IDS), INTERFACE, List.of(MTU, IDS), BRIDGE, List.of(IDS));

    private static final String MARK = "op-dbus:";
    private static final String GUARD_FAILED = "timed out";

    /**
     * A column of a row, as the writer saw it.
     *
     * @param port the port of the same name, whose marks count for an interface too
     */
    record Seen(String table, StoredRow row, Optional<StoredRow> port, String column) {
        private String name() {
            return row.name().orElse("");
        }

        private JsonObject marks() {
            return port.map(owner -> ids(owner)).orElseGet(JsonObject::new);
        }
    }

    /** Returns whether a column may be written at all. */
    static boolean isWritable(String table, String column) {
        return WRITABLE.getOrDefault(table, List.of()).contains(column);
    }

    /**
     * Returns the transaction for a request.
     *
     * @param content plain JSON, as the file shows it
     * @throws RefusedWriteException if the content is no value of the column, or the column is not the writer's to change
     */
    static ColumnChange of(Seen seen, byte[] content) {
        Object value = parsed(seen.column(), content);
        requireFree(seen);
        if (seen.column().equals(IDS)) {
            requireMarks(ids(seen.row()), (JsonObject) value);
        }
        JsonArray operations = new JsonArray().add(guard(seen.table(), seen.row(), seen.column()));
        if (!seen.column().equals(IDS)) {
            seen.port().ifPresent(port -> operations.add(guard(PORT, port, IDS)));
        }
        operations
                .add(new JsonObject()
                        .put("op", "update")
                        .put("table", seen.table())
                        .put("where", where(seen.row()))
                        .put("row", new JsonObject().put(seen.column(), wire(value))))
                .add(new JsonObject()
                        .put("op", "comment")
                        .put("comment", "op-dbus: write " + seen.table() + " " + seen.column()));
        return new ColumnChange(
                seen.name(), operations.encode(), !setOf(value).equals(setOf(stored(seen.row(), seen.column()))));
    }

    /**
     * Checks the server's answer.
     *
     * @throws RefusedWriteException if nothing was changed
     */
    static void check(String results) {
        for (Object result : new JsonArray(results)) {
            String error = result instanceof JsonObject object ? object.getString("error") : null;
            if (GUARD_FAILED.equals(error)) {
                throw new RefusedWriteException(
                        Reason.CHANGED,
                        "the row has changed since the file was opened; nothing was changed. Read it and try again");
            }
            if (error != null) {
                String details = ((JsonObject) result).getString("details", "");
                throw new RefusedWriteException(
                        Reason.INVALID,
                        "ovsdb-server refused the value: " + error + (details.isEmpty() ? "" : ": " + details));
            }
        }
    }

    private static void requireFree(Seen seen) {
        boolean isVlan = seen.column().equals("tag") || seen.column().equals(TRUNKS);
        String container = seen.marks().getString(PortOwner.CONTAINER);
        if (isVlan && container != null) {
            throw new RefusedWriteException(
                    Reason.NOT_PERMITTED,
                    "the agent enrolled the container " + container + " through the port " + seen.name()
                            + " and would set its own VLAN again; change the VLAN in the desired state");
        }
        Optional<String> guest = ProxmoxPicture.guestOf(seen.name());
        if (!seen.column().equals(IDS) && guest.isPresent()) {
            throw new RefusedWriteException(
                    Reason.NOT_PERMITTED,
                    "Proxmox configures the port " + seen.name() + "; change the guest " + guest.get()
                            + " with pct set or qm set");
        }
    }

    private static void requireMarks(JsonObject before, JsonObject after) {
        if (!marks(before).equals(marks(after))) {
            throw new RefusedWriteException(
                    Reason.NOT_PERMITTED,
                    "the keys that begin with " + MARK + " are the agent's marks; write them as they are: "
                            + Json.encode(new JsonObject(marks(before))));
        }
    }

    private static Map<String, Object> marks(JsonObject ids) {
        return ids.stream()
                .filter(pair -> pair.getKey().startsWith(MARK))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static JsonObject ids(StoredRow row) {
        return row.value(IDS).map(StoredValue::value).orElse("") instanceof JsonObject ids ? ids : new JsonObject();
    }

    private static Object parsed(String column, byte[] content) {
        Object value;
        try {
            value = Json.decodeValue(new String(content, StandardCharsets.UTF_8));
        } catch (DecodeException e) {
            throw new RefusedWriteException(Reason.INVALID, "the value is not JSON; " + form(column), e);
        }
        boolean isRight = switch (column) {
            case IDS ->
                value instanceof JsonObject ids && ids.stream().allMatch(pair -> pair.getValue() instanceof String);
            case TRUNKS -> isInteger(value) || integers(value).isPresent();
            default -> isInteger(value) || integers(value).filter(List::isEmpty).isPresent();
        };
        if (!isRight) {
            throw new RefusedWriteException(
                    Reason.INVALID, "not a value of the column " + column + "; " + form(column));
        }
        return value;
    }

    private static boolean isInteger(Object value) {
        return value instanceof Integer || value instanceof Long;
    }

    private static Optional<List<Object>> integers(Object value) {
        if (!(value instanceof JsonArray array)) {
            return Optional.empty();
        }
        List<Object> all = new ArrayList<>();
        array.forEach(all::add);
        return all.stream().allMatch(ColumnChange::isInteger) ? Optional.of(all) : Optional.empty();
    }

    private static String form(String column) {
        return switch (column) {
            case IDS -> "write a JSON object of texts, such as {\"key\":\"value\"}";
            case TRUNKS -> "write VLANs as a JSON array, such as [10,20], or [] for none";
            default -> "write a number, or [] for none";
        };
    }

    /** Fails the transaction unless the row has the value that the writer saw. */
    private static JsonObject guard(String table, StoredRow row, String column) {
        Object seen = stored(row, column);
        return new JsonObject()
                .put("op", "wait")
                .put("table", table)
                .put("timeout", 0)
                .put("where", where(row))
                .put("columns", JsonArray.of(column))
                .put("until", "==")
                .put("rows", JsonArray.of(new JsonObject().put(column, wire(seen))));
    }

    private static Object stored(StoredRow row, String column) {
        return row.value(column).map(StoredValue::value).orElseGet(JsonArray::new);
    }

    /** A set of one value can be written without brackets, and has no order (RFC 7047 section 5.1). */
    private static Set<String> setOf(Object plain) {
        return plain instanceof JsonArray set
                ? set.stream().map(Json::encode).collect(Collectors.toSet())
                : Set.of(
                        plain instanceof JsonObject map
                                ? Json.encode(new TreeMap<>(map.getMap()))
                                : Json.encode(plain));
    }

    private static JsonArray where(StoredRow row) {
        return JsonArray.of(JsonArray.of("_uuid", "==", JsonArray.of("uuid", row.uuid())));
    }

    /** The columns that can be written hold no identifiers of rows, so the plain value says what it is. */
    private static Object wire(Object plain) {
        if (plain instanceof JsonObject map) {
            JsonArray pairs = new JsonArray();
            map.forEach(pair -> pairs.add(JsonArray.of(pair.getKey(), pair.getValue())));
            return JsonArray.of("map", pairs);
        }
        return plain instanceof JsonArray set ? JsonArray.of("set", set) : plain;
    }
}
