// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.Inventory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings all readers up to the newest inventory and the newest event, at most once in {@value #PACE_MS} ms. It listens from the first
 * reader until {@value #LINGER_MS} ms after the last one has left; readers that come back within that time miss nothing. For the thread
 * of its scheduler.
 */
final class StreamHub implements AutoCloseable, StreamReader.Offer {
    static final int READERS_MAX = 32;
    static final long PACE_MS = 100;
    static final long LINGER_MS = 60_000;
    static final Duration STUCK = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);
    /** Changes that belong together come within a moment. */
    private static final long SETTLE_MS = 5;

    private static final long BEAT_MS = 5_000;
    /** A reader that takes nothing for so long can lose its place to another one. */
    private static final Duration UNDISTURBED = Duration.ofSeconds(1);

    private final String run;
    private final StreamSources sources;
    private final Scheduler loop;
    private final LongSupplier nanoTime;
    private final Set<StreamReader> readers = new LinkedHashSet<>();
    private final HeldInventories held = new HeldInventories();
    private final NewestFigures figures;
    private Mark mark;
    private @Nullable Update update;
    private long broughtNs;
    private boolean isDue;
    private @Nullable CompositeDisposable listening;
    private Disposable leaving = Disposable.disposed();
    private Disposable bringing = Disposable.disposed();

    /**
     * A hub without readers.
     *
     * @param run a word of hexadecimal digits that no other run of the agent has
     */
    StreamHub(String run, StreamSources sources, Scheduler loop, LongSupplier nanoTime) {
        this.run = run;
        this.sources = sources;
        this.loop = loop;
        this.nanoTime = nanoTime;
        figures = new NewestFigures(sources.figures(), loop, this::pump);
        mark = new Mark(sources.inventory().current(), sources.events().next());
        broughtNs = nanoTime.getAsLong();
    }

    /** Returns whether there is a place for another reader. If all are taken, a reader that takes nothing loses its own. */
    boolean hasPlace() {
        if (readers.size() < READERS_MAX) {
            return true;
        }
        Optional<StreamReader> stuck = readers.stream()
                .filter(reader -> reader.stuckNs() > UNDISTURBED.toNanos())
                .max(Comparator.comparingLong(StreamReader::stuckNs));
        stuck.ifPresent(this::end);
        return stuck.isPresent();
    }

    /**
     * Takes a new reader, which gets everything that it lacks.
     *
     * @param since what it has from an earlier connection
     */
    StreamReader open(Set<StreamTopic> topics, Optional<Position> since, ReaderOutput output) {
        leaving.dispose();
        listen();
        if (readers.isEmpty()) {
            bringMark();
        }
        Optional<Position> known = since.filter(position -> position.run().equals(run));
        Inventory has = known.flatMap(position -> held.of(position.version())).orElse(null);
        long nextEvent = known.filter(position -> position.event() != Position.NONE
                        && position.event() < sources.events().next())
                .map(position -> position.event() + 1)
                .orElse(mark.nextEvent());
        StreamReader reader = new StreamReader(this, topics, output, has, nextEvent);
        readers.add(reader);
        if (reader.wantsFigures()) {
            figures.begin();
        }
        reader.begin(hello());
        return reader;
    }

    private JsonObject hello() {
        HostFacts host = sources.inventory().current().host();
        return new JsonObject().put("run", run).put("host", host.name()).put("version", host.version());
    }

    /** The reader has gone. */
    void leave(StreamReader reader) {
        if (!readers.remove(reader)) {
            return;
        }
        if (readers.stream().noneMatch(StreamReader::wantsFigures)) {
            figures.dispose();
        }
        if (readers.isEmpty()) {
            leaving.dispose();
            leaving = loop.scheduleDirect(this::sleep, LINGER_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void end(StreamReader reader) {
        leave(reader);
        reader.end();
    }

    private void listen() {
        if (listening != null) {
            return;
        }
        CompositeDisposable begun = new CompositeDisposable();
        listening = begun;
        begun.add(sources.events().hold(this::news));
        begun.add(sources.inventory().changes(loop).subscribe(change -> news()));
        begun.add(loop.schedulePeriodicallyDirect(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS));
    }

    /** Nobody has come back. What happens from now on is not heard, so one number stands for all of it. */
    private void sleep() {
        CompositeDisposable begun = listening;
        if (begun != null && readers.isEmpty()) {
            begun.dispose();
            listening = null;
            update = null;
            held.clear();
            mark = new Mark(
                    Inventory.of(mark.inventory().host()), sources.events().next());
        }
    }

    private void news() {
        if (!isDue && !readers.isEmpty()) {
            isDue = true;
            long agoMs = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - broughtNs);
            bringing = loop.scheduleDirect(this::bring, Math.max(SETTLE_MS, PACE_MS - agoMs), TimeUnit.MILLISECONDS);
        }
    }

    private void bring() {
        isDue = false;
        broughtNs = nanoTime.getAsLong();
        Mark before = mark;
        bringMark();
        update = new Update(run, before, mark, sources.events());
        pump();
    }

    private void pump() {
        List.copyOf(readers).forEach(StreamReader::pump);
    }

    private void bringMark() {
        mark = new Mark(sources.inventory().current(), sources.events().next());
        held.add(mark.inventory());
        update = null;
    }

    private void beat() {
        for (StreamReader reader : List.copyOf(readers)) {
            if (reader.stuckNs() > STUCK.toNanos()) {
                LOG.debug(
                        "a reader of the stream has taken nothing for {} s; its connection is closed",
                        STUCK.toSeconds());
                end(reader);
            } else {
                reader.beat();
            }
        }
    }

    @Override
    public String run() {
        return run;
    }

    @Override
    public Mark mark() {
        return mark;
    }

    @Override
    public EventLog events() {
        return sources.events();
    }

    @Override
    public Optional<Update> update() {
        return Optional.ofNullable(update);
    }

    @Override
    public Optional<NewestFigures.Figures> figures() {
        return figures.newest();
    }

    @Override
    public long nowNs() {
        return nanoTime.getAsLong();
    }

    @Override
    public void close() {
        List.copyOf(readers).forEach(this::end);
        leaving.dispose();
        bringing.dispose();
        sleep();
    }
}
