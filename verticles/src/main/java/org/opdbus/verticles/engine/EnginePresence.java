// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.edges.ContainerCheck;

/** Joins the reconciler's second look to a fresh answer of the engine. */
public final class EnginePresence implements ContainerCheck {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");

    private final EngineVerticle engine;

    public EnginePresence(EngineVerticle engine) {
        this.engine = engine;
    }

    /** Never fails: if the engine gives no clear answer, the presence is unknown. */
    @Override
    public Single<Presence> presence(ContainerId container) {
        String id = container.own();
        return ID.matcher(id).matches()
                ? engine.inspect(id).map(answer -> presenceOf(id, answer)).onErrorReturn(failure -> Presence.UNKNOWN)
                : Single.just(Presence.UNKNOWN);
    }

    /** Another container may have this id as its name. */
    static Presence presenceOf(String id, Optional<JsonObject> answer) {
        if (answer.isEmpty()) {
            return Presence.GONE;
        }
        JsonObject container = answer.get();
        if (!(container.getValue("Id") instanceof String whole)
                || !whole.startsWith(id)
                || !(container.getValue("State") instanceof JsonObject state)
                || !(state.getValue("Running") instanceof Boolean runs)) {
            return Presence.UNKNOWN;
        }
        return runs ? Presence.RUNNING : Presence.GONE;
    }
}
