// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.cluster.Copy;
import org.opdbus.verticles.cluster.Told;
import org.opdbus.verticles.control.SiblingLines;

/**
 * What siblings told last, as the tails show it: at most {@value #LINES_MAX} lines and {@value #CHARACTERS_MAX} characters,
 * of which the oldest go first. Safe for use by any thread; adding waits for nobody who listens.
 */
final class ToldRing implements SiblingLines {
    static final int LINES_MAX = 4_096;
    static final long CHARACTERS_MAX = 2 << 20;

    private final Deque<Line> held = new ArrayDeque<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long next = 1;
    private long characters;

    void add(Told told) {
        add(line(told));
        listeners.forEach(Runnable::run);
    }

    private synchronized void add(Line line) {
        held.addLast(line);
        next++;
        characters += line.json().length();
        while (held.size() > LINES_MAX || characters > CHARACTERS_MAX) {
            characters -= held.removeFirst().json().length();
        }
    }

    private static Line line(Told told) {
        if (told instanceof Told.Live live) {
            Copy copy = live.copy();
            return line(copy.kind(), copy.subject(), json(copy.time(), copy.host(), copy.kind(), copy.subject())
                    .put("data", copy.data())
                    .put("epoch", copy.epoch())
                    .put("seq", copy.sequence()));
        }
        if (told instanceof Told.Filled filled) {
            Entry entry = filled.entry();
            return line(entry.kind(), entry.subject(), json(entry.time(), entry.host(), entry.kind(), entry.subject())
                    .put("data", new JsonObject(entry.data()))
                    .put("height", entry.height()));
        }
        Told.Missed missed = (Told.Missed) told;
        String kind = "events.missed";
        String subject = "cluster";
        return line(kind, subject, json(Instant.now(), missed.host(), kind, subject)
                .put("data", new JsonObject()
                        .put("count", missed.to() - missed.from() + 1)
                        .put("epoch", missed.epoch())
                        .put("from", missed.from())
                        .put("to", missed.to())));
    }

    private static JsonObject json(Instant time, String host, String kind, String subject) {
        return new JsonObject()
                .put("time", time.truncatedTo(ChronoUnit.MICROS).toString())
                .put("host", host)
                .put("kind", kind)
                .put("subject", subject);
    }

    private static Line line(String kind, String subject, JsonObject json) {
        return new Line(kind, subject, json.encode());
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
