// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.opdbus.events.Port;
import org.opdbus.events.UplinkEvent;
import org.opdbus.events.UplinkEvent.UplinkContested;
import org.opdbus.events.UplinkEvent.UplinkMarked;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/**
 * Keeps the marks on the ports of confirmed uplinks. Another manager of the host's network clears them when it reads its files again
 * ({@code ifreload} writes the whole column {@code external_ids}). The agent writes its own keys again and leaves the others. If that
 * happens more than three times within a minute, it leaves the port alone for ten minutes and says so.
 *
 * <p>It decides only; its caller sends the operations. For one thread at a time.
 */
final class UplinkMarks {
    /** The identifier of the move by which a port came onto its bridge. */
    static final String MOVE = "op-dbus:uplink";

    static final int ROUNDS_MAX = 3;

    private static final String HOST = "op-dbus:uplink-host";
    private static final long WITHIN_NS = Duration.ofMinutes(1).toNanos();
    private static final long QUIET_NS = Duration.ofMinutes(10).toNanos();

    private final String host;
    private final LongSupplier nanos;
    private final Consumer<UplinkEvent> told;
    private final Map<String, Deque<Long>> rounds = new HashMap<>();
    private final Map<String, Long> quietUntil = new HashMap<>();

    UplinkMarks(String host, LongSupplier nanos, Consumer<UplinkEvent> told) {
        this.host = host;
        this.nanos = nanos;
        this.told = told;
    }

    /**
     * Decides what to do about the port of an uplink.
     *
     * @param plan the confirmed move by which the port came onto its bridge
     * @return the operations that write the marks again; empty if there is nothing to do
     */
    Optional<JsonArray> restored(Port port, UplinkPlan plan) {
        boolean isOfMove = port.name().equals(plan.request().link())
                && port.bridge().equals(plan.request().bridge());
        if (!isOfMove || plan.id().equals(port.externalIds().get(MOVE)) || isQuiet(port.name())) {
            return Optional.empty();
        }
        int round = countRound(port.name());
        if (round > ROUNDS_MAX) {
            quietUntil.put(port.name(), nanos.getAsLong() + QUIET_NS);
            told.accept(new UplinkContested(
                    port.name(),
                    port.bridge(),
                    plan.id(),
                    "another program has removed op-dbus's marks from the port " + ROUNDS_MAX
                            + " times within a minute",
                    "find the program that writes external_ids of the port " + port.name()
                            + ", or let it keep the keys " + MOVE + " and " + HOST));
            return Optional.empty();
        }
        told.accept(new UplinkMarked(port.name(), port.bridge(), plan.id(), round));
        return Optional.of(operations(port, plan));
    }

    private boolean isQuiet(String link) {
        Long until = quietUntil.get(link);
        if (until != null && until - nanos.getAsLong() <= 0) {
            quietUntil.remove(link);
            rounds.remove(link);
            return false;
        }
        return until != null;
    }

    private int countRound(String link) {
        Deque<Long> recent = rounds.computeIfAbsent(link, each -> new ArrayDeque<>());
        long now = nanos.getAsLong();
        recent.removeIf(time -> now - time > WITHIN_NS);
        recent.addLast(now);
        return recent.size();
    }

    /** Writes the two keys into the row that was seen, and into no other (RFC 7047 section 5.2.4). */
    private JsonArray operations(Port port, UplinkPlan plan) {
        JsonArray where = JsonArray.of(JsonArray.of("_uuid", "==", OvsdbValue.uuid(port.uuid())));
        return JsonArray.of(
                new JsonObject()
                        .put("op", "mutate")
                        .put("table", "Port")
                        .put("where", where)
                        .put(
                                "mutations",
                                JsonArray.of(
                                        JsonArray.of("external_ids", "delete", OvsdbValue.set(List.of(MOVE, HOST))),
                                        JsonArray.of(
                                                "external_ids",
                                                "insert",
                                                OvsdbValue.map(new TreeMap<>(Map.of(MOVE, plan.id(), HOST, host)))))),
                new JsonObject()
                        .put("op", "comment")
                        .put("comment", "op-dbus: mark the port of the uplink " + port.name() + " again"));
    }
}
