// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;

/**
 * Asks an engine about containers, few at once and each container once at a time. An answer counts only if nothing was heard of the
 * container while it was under way; otherwise the container is asked about again. For one thread.
 */
final class Inspections {
    private final Function<String, Future<Optional<JsonObject>>> question;
    private final Listener listener;
    private final Set<String> waiting = new LinkedHashSet<>();
    /** Whether the answer counts. */
    private final Map<String, Boolean> underWay = new HashMap<>();

    private boolean stopped;

    /** Takes the answers. */
    interface Listener {
        /** The engine's word about a container; empty if it has no such container. */
        void answered(String id, Optional<JsonObject> answer);

        /** The container could not be asked about. */
        void failed(String id, Throwable failure);
    }

    Inspections(Function<String, Future<Optional<JsonObject>>> question, Listener listener) {
        this.question = question;
        this.listener = listener;
    }

    /** Something was heard of a container that only an answer from now on can tell. */
    void want(String id) {
        stale(id);
        ask(id);
    }

    /** Asks about a container unless that is under way; fails if too many wait. */
    void ask(String id) {
        if (underWay.containsKey(id)) {
            return;
        }
        if (waiting.size() >= EngineLimits.QUESTIONS_MAX) {
            throw new EngineException(
                    Reason.INVALID,
                    "it speaks of more than " + EngineLimits.QUESTIONS_MAX + " containers faster than it answers");
        }
        waiting.add(id);
        next();
    }

    /** Something was heard of a container: an answer that is under way may be older than that. */
    void stale(String id) {
        underWay.computeIfPresent(id, (same, counts) -> false);
    }

    /** Nothing is asked or answered any more. */
    void stop() {
        stopped = true;
        waiting.clear();
    }

    private void next() {
        while (!stopped && underWay.size() < EngineLimits.QUESTIONS_AT_ONCE && !waiting.isEmpty()) {
            Iterator<String> first = waiting.iterator();
            String id = first.next();
            first.remove();
            underWay.put(id, true);
            question.apply(id)
                    .onComplete(
                            answer -> settled(id, () -> listener.answered(id, answer)),
                            failure -> settled(id, () -> listener.failed(id, failure)));
        }
    }

    private void settled(String id, Runnable deliver) {
        boolean counts = Boolean.TRUE.equals(underWay.remove(id));
        if (stopped) {
            return;
        }
        if (counts) {
            deliver.run();
        } else {
            waiting.add(id);
        }
        next();
    }
}
