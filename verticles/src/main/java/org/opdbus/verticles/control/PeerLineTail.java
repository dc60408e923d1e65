// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Context;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/**
 * Sends callers the lines of peers, each from the number where it wants to begin. For one context.
 */
final class PeerLineTail implements Disposable {
    private static final int LINES_AT_ONCE = 256;

    private final PeerLines peers;
    private final IntFunction<JsonObject> missedLine;
    private final Map<ControlCaller, Long> places = new HashMap<>();
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final Context context;
    private Disposable listening = Disposable.disposed();

    /**
     * Listens on this context while there are callers.
     *
     * @param missedLine makes the line that replaces lines that are no longer held
     */
    PeerLineTail(PeerLines peers, Context context, IntFunction<JsonObject> missedLine) {
        this.peers = peers;
        this.missedLine = missedLine;
        this.context = context;
    }

    /** Runs on any thread: it only takes lines from the buffer, so it never waits for a caller. */
    private void soon() {
        if (isDue.compareAndSet(false, true)) {
            context.runOnContext(now -> tell());
        }
    }

    /**
     * Returns a page of the lines that are held, from a number on: {@code {"events": […], "next":
     * …, "last": …}}.
     */
    JsonObject held(long from, EventFilter filter) {
        PeerLines.Lines held = peers.from(from, LINES_AT_ONCE);
        JsonArray events = new JsonArray();
        held.lines().stream()
                .filter(line -> filter.accepts(line.kind(), line.subject()))
                .forEach(line -> events.add(new JsonObject(line.json())));
        return new JsonObject().put("events", events).put("next", held.next()).put("last", held.next() >= peers.next());
    }

    /** Sends the caller all lines from this number on, or from now on if it is 0. */
    void add(ControlCaller caller, long from) {
        if (places.isEmpty()) {
            listening = peers.onNews(this::soon);
        }
        places.put(caller, from > 0 ? from : peers.next());
        soon();
    }

    void remove(ControlCaller caller) {
        places.remove(caller);
        if (places.isEmpty()) {
            listening.dispose();
        }
    }

    private void tell() {
        isDue.set(false);
        boolean isMore = false;
        for (ControlCaller caller : List.copyOf(places.keySet())) {
            isMore |= tell(caller);
        }
        if (isMore) {
            soon();
        }
    }

    /** Returns whether there are more lines for this caller. */
    private boolean tell(ControlCaller caller) {
        PeerLines.Lines lines = peers.from(places.getOrDefault(caller, peers.next()), LINES_AT_ONCE);
        places.replace(caller, lines.next());
        if (lines.missed() > 0) {
            caller.missed((int) Math.min(lines.missed(), Integer.MAX_VALUE));
        }
        lines.lines()
                .forEach(line ->
                        caller.tell(line.kind(), line.subject(), () -> new JsonObject(line.json()), missedLine));
        return lines.next() < peers.next();
    }

    @Override
    public void dispose() {
        listening.dispose();
        places.clear();
    }

    @Override
    public boolean isDisposed() {
        return listening.isDisposed();
    }
}
