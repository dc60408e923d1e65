// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.uplinks;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.EndedMove;
import org.opdbus.verticles.uplink.wayback.PendingMove;
import org.opdbus.verticles.uplink.wayback.StepState;

/** Moves of uplinks as JSON, as {@code uplink status --json} shows them (docs/UPLINK.md). */
final class UplinkJson {
    private UplinkJson() {}

    /** Returns a move that is not over. */
    static JsonObject pending(PendingMove move) {
        JsonObject json = head(move.plan())
                .put("state", word(move.state()))
                .put("holder", move.holder().name())
                .put("holderPid", move.holder().pid())
                .put("holderAlive", move.holder().isAlive())
                .put("begun", move.begun().toString())
                .put("deadline", move.deadline().toString())
                .put(
                        "alarm",
                        new JsonObject()
                                .put("armed", move.alarm().isArmed())
                                .put("what", move.alarm().text()))
                .put("steps", steps(move.plan().steps(), move.steps()));
        move.moved().ifPresent(time -> json.put("moved", time.toString()));
        putIfSaid(json, "cause", move.cause());
        putIfSaid(json, "trouble", move.trouble());
        return json;
    }

    /** Returns a move that is over. */
    static JsonObject ended(EndedMove move) {
        JsonObject json = head(move.plan())
                .put("state", word(move.state()))
                .put("begun", move.begun().toString())
                .put("ended", move.ended().toString())
                .put("steps", steps(move.plan().steps(), move.steps()));
        putIfSaid(json, "cause", move.cause());
        if (!move.left().isEmpty()) {
            json.put("left", new JsonArray(new ArrayList<>(move.left())));
        }
        return json;
    }

    private static JsonObject head(UplinkPlan plan) {
        return new JsonObject()
                .put("id", plan.id())
                .put("link", plan.request().link())
                .put("bridge", plan.request().bridge())
                .put("direction", word(plan.request().direction()))
                .put("manager", plan.manager());
    }

    private static JsonArray steps(List<Step> steps, List<StepState> states) {
        JsonArray array = new JsonArray();
        for (int place = 0; place < steps.size(); place++) {
            array.add(new JsonObject().put("step", steps.get(place).title()).put("state", word(states.get(place))));
        }
        return array;
    }

    private static void putIfSaid(JsonObject json, String key, String text) {
        if (!text.isEmpty()) {
            json.put(key, text);
        }
    }

    /** Returns the word for a constant: {@code going-back}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
