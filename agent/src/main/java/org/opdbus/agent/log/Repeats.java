// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Decides which messages are repeats. Two messages are equal if their logger, level and text, arguments included, are
 * equal. So a message about one container never hides a message about another. Only if one place in the program has
 * logged very many different messages, further messages from it are counted too, as others "like it".
 *
 * <p>A window begins with a message's first appearance, and the messages held back in it are counted at its end.
 * Memory is limited: when the limit of stored messages is reached, others pass. For one thread at a time.
 *
 * @param <M> a message that can be shown again in the count
 */
final class Repeats<M> {
    /** How many equal messages pass in a window: enough to show that it is not a single event. */
    static final int SAME_MAX = 5;

    /** How many different messages from one place pass in a window; more than the containers of a host. */
    static final int ALIKE_MAX = 1_000;

    static final int REMEMBERED_MAX = 4_096;

    private final Duration window;
    private final LongSupplier nanoTime;
    /** In the order in which their windows end. */
    private final Map<Object, Window<M>> windows = new LinkedHashMap<>();

    Repeats(Duration window, LongSupplier nanoTime) {
        this.window = window;
        this.nanoTime = nanoTime;
    }

    /**
     * The messages held back in a window that has ended.
     *
     * @param message one of them
     * @param count how many there were
     * @param alike whether they were not equal, but came from the same place
     */
    record HeldBack<M>(M message, long count, boolean alike) {}

    private static final class Window<M> {
        private final long began;
        private final boolean alike;
        private M last;
        private long passed;
        private long held;

        private Window(long began, boolean alike, M first) {
            this.began = began;
            this.alike = alike;
            last = first;
        }

        private boolean passes(long max, M message) {
            if (passed < max) {
                passed++;
                return true;
            }
            held++;
            last = message;
            return false;
        }
    }

    /**
     * Returns whether to show this message.
     *
     * @param place the place in the program: logger, level and text without arguments
     * @param text the complete text; with the place it identifies the message
     * @param precious whether its first appearance must be shown, however many messages come from the same place
     */
    boolean passes(Object place, String text, boolean precious, M message) {
        Window<M> same = windowOf(List.of(place, text), false, message);
        if (same.passed > 0 || precious) {
            return same.passes(SAME_MAX, message);
        }
        return windowOf(place, true, message).passes(ALIKE_MAX, message) && same.passes(SAME_MAX, message);
    }

    private Window<M> windowOf(Object key, boolean alike, M message) {
        Window<M> known = windows.get(key);
        if (known != null) {
            return known;
        }
        Window<M> made = new Window<>(nanoTime.getAsLong(), alike, message);
        if (windows.size() < REMEMBERED_MAX) {
            windows.put(key, made);
        }
        return made;
    }

    /** Returns whether there are counts to report. */
    boolean holdsSome() {
        return windows.values().stream().anyMatch(each -> each.held > 0);
    }

    /** Removes the windows that have ended, and returns what was held back in them. */
    List<HeldBack<M>> ended() {
        long now = nanoTime.getAsLong();
        return take(began -> now - began >= window.toNanos());
    }

    /** Removes all windows, and returns what was held back in them. */
    List<HeldBack<M>> all() {
        return take(began -> true);
    }

    private List<HeldBack<M>> take(LongPredicate hasEnded) {
        List<HeldBack<M>> held = new ArrayList<>();
        Iterator<Window<M>> each = windows.values().iterator();
        while (each.hasNext()) {
            Window<M> next = each.next();
            if (!hasEnded.test(next.began)) {
                break;
            }
            if (next.held > 0) {
                held.add(new HeldBack<>(next.last, next.held, next.alike));
            }
            each.remove();
        }
        return held;
    }
}
