// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for figures every {@value #EVERY_MS} ms while a reader wants them. For the thread of its scheduler. */
final class NewestFigures implements Disposable {
    static final long EVERY_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(NewestFigures.class);

    private final Supplier<Single<JsonObject>> question;
    private final Scheduler loop;
    private final Runnable news;
    private CompositeDisposable asking = new CompositeDisposable();
    private @Nullable Figures newest;
    private long count;

    /**
     * Numbers about the agent.
     *
     * @param number how many there were until now
     */
    record Figures(long number, Buffer message) {}

    /**
     * Does not ask yet.
     *
     * @param news runs whenever there are newer ones
     */
    NewestFigures(Supplier<Single<JsonObject>> question, Scheduler loop, Runnable news) {
        this.question = question;
        this.loop = loop;
        this.news = news;
        asking.dispose();
    }

    /** Asks from now on, if it does not already. */
    void begin() {
        if (asking.isDisposed()) {
            asking = new CompositeDisposable();
            asking.add(loop.schedulePeriodicallyDirect(this::ask, 0, EVERY_MS, TimeUnit.MILLISECONDS));
        }
    }

    private void ask() {
        question.get()
                .observeOn(loop)
                .subscribe(
                        this::answered,
                        failure -> LOG.debug("there are no figures for the stream: {}", failure.toString()),
                        asking);
    }

    private void answered(JsonObject figures) {
        newest = new Figures(++count, Messages.figures(figures));
        news.run();
    }

    /** Returns the newest; empty if there are none, or no reader wants any. */
    Optional<Figures> newest() {
        return Optional.ofNullable(newest);
    }

    @Override
    public void dispose() {
        asking.dispose();
        newest = null;
    }

    @Override
    public boolean isDisposed() {
        return asking.isDisposed();
    }
}
