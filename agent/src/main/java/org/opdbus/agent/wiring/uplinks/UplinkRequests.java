// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.uplinks;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.uplink.UplinkVerticle;
import org.opdbus.verticles.uplink.confirm.ConfirmingCaller;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.show.PlanJson;
import org.opdbus.verticles.uplink.show.PlanText;
import org.opdbus.verticles.uplink.wayback.EndedMove;
import org.opdbus.verticles.uplink.wayback.PendingMove;

/** The requests about uplinks. Each takes one object, or nothing, and answers with one. */
public final class UplinkRequests {
    /** With which each method begins. */
    public static final String PREFIX = "uplink-";

    private static final long CONFIRM_WITHIN_S = 120;

    private final UplinkVerticle uplinks;
    private final ConfirmingCaller callers;

    /**
     * Answers for these uplinks.
     *
     * @param callers finds the connection by which a caller is logged in
     */
    public UplinkRequests(UplinkVerticle uplinks, ConfirmingCaller callers) {
        this.uplinks = uplinks;
        this.callers = callers;
    }

    /** Returns the answer; null if the method is not about uplinks. */
    public @Nullable Single<?> request(String method, JsonObject given, Consumer<JsonObject> progress) {
        return switch (method) {
            case "uplink-plan" ->
                Single.defer(() -> uplinks.plan(request(given)))
                        .map(plan -> new JsonObject()
                                .put("plan", PlanJson.of(plan))
                                .put("text", new JsonArray(new ArrayList<>(PlanText.of(plan)))));
            case "uplink-move" ->
                Single.defer(() -> uplinks.move(
                                request(given), line -> progress.accept(new JsonObject().put("done", line))))
                        .map(UplinkJson::pending);
            case "uplink-wait" -> uplinks.over().map(UplinkJson::ended).defaultIfEmpty(new JsonObject());
            case "uplink-record" -> uplinks.record().toSingleDefault(new JsonObject());
            case "uplink-confirm" ->
                uplinks.confirm(moved -> callers.evidence(given.getLong("pid", 0L), moved))
                        .map(UplinkJson::ended);
            case "uplink-revert" ->
                uplinks.revert("op-dbus uplink revert")
                        .map(state -> new JsonObject().put("state", UplinkJson.word(state)));
            case "uplink-status" -> uplinks.status().map(UplinkRequests::status);
            default -> null;
        };
    }

    private static JsonObject status(UplinkVerticle.Status status) {
        JsonObject json = new JsonObject();
        Optional<PendingMove> pending = status.pending();
        pending.ifPresent(move -> json.put("move", UplinkJson.pending(move)));
        Optional<EndedMove> ended = status.ended();
        ended.ifPresent(move -> json.put("last", UplinkJson.ended(move)));
        return json;
    }

    private static MoveRequest request(JsonObject given) {
        List<ProbeTarget> targets = new ArrayList<>();
        JsonArray named = given.getJsonArray("targets", new JsonArray());
        for (int index = 0; index < named.size(); index++) {
            targets.add(target(named.getString(index)));
        }
        return new MoveRequest(
                Direction.valueOf(given.getString("direction", "onto").toUpperCase(Locale.ROOT)),
                given.getString("link", ""),
                given.getString("bridge", ""),
                Duration.ofSeconds(given.getLong("confirmS", CONFIRM_WITHIN_S)),
                targets,
                given.getBoolean("persists", true),
                given.getBoolean("discards", false));
    }

    /** {@code tcp:ADDRESS:PORT} or {@code icmp:ADDRESS}; an address of IPv6 may have brackets. */
    static ProbeTarget target(String text) {
        if (text.startsWith("icmp:")) {
            return new ProbeTarget.Echo(plain(text.substring("icmp:".length())));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith("tcp:")
                && colon > "tcp:".length()
                && text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return new ProbeTarget.Tcp(
                    plain(text.substring("tcp:".length(), colon)), Integer.parseInt(text.substring(colon + 1)));
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is no target of a probe: use tcp:ADDRESS:PORT or icmp:ADDRESS");
    }

    private static String plain(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }
}
