// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opdbus.verticles.control.PeerLines;

/**
 * The latest lines from peers: at most {@value #LINES_MAX} lines and {@value #CHARACTERS_MAX} characters; the oldest
 * are dropped first. Safe for use by any thread; adding never waits for a listener.
 */
final class LineRing implements PeerLines {
    static final int LINES_MAX = 4_096;
    static final long CHARACTERS_MAX = 2 << 20;

    private final Deque<Line> held = new ArrayDeque<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long next = 1;
    private long characters;

    void add(Line line) {
        keep(line);
        listeners.forEach(Runnable::run);
    }

    /** Returns whether there are listeners. */
    boolean isHeard() {
        return !listeners.isEmpty();
    }

    private synchronized void keep(Line line) {
        held.addLast(line);
        next++;
        characters += line.json().length();
        while (held.size() > LINES_MAX || characters > CHARACTERS_MAX) {
            characters -= held.removeFirst().json().length();
        }
    }

    @Override
    public synchronized long next() {
        return next;
    }

    @Override
    public synchronized Lines from(long number, int max) {
        long first = next - held.size();
        long from = Math.min(Math.max(number, first), next);
        List<Line> lines = new ArrayList<>();
        held.stream().skip(from - first).limit(max).forEach(lines::add);
        return new Lines(lines, from + lines.size(), Math.max(0, from - Math.max(number, 1)));
    }

    @Override
    public Disposable onNews(Runnable news) {
        listeners.add(news);
        return Disposable.fromAction(() -> listeners.remove(news));
    }
}
