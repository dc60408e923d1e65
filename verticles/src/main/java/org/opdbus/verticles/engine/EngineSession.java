// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerEvent;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;
import org.opdbus.verticles.engine.EngineReader.ListedContainer;

/**
 * One subscription to an engine, from its first question to the first trouble. It reports its end once. All calls belong to one
 * event loop.
 */
final class EngineSession {
    /** The engine counts from whole seconds. */
    private static final long SINCE_SECONDS_BEFORE = 1;

    private final Vertx vertx;
    private final EngineOptions options;
    private final EngineClient client;
    private final Listener listener;
    private final Instant began = Instant.now();
    private final EngineReader reader;
    private final EngineStory story;
    private final EventLines lines;

    private @Nullable HttpConnection events;
    private long timer = -1;
    private boolean ended;

    /** Hears what a session finds. */
    interface Listener {
        void publish(ContainerEvent event);

        /** Everything that exists is published; so many containers are known. */
        void listed(int count);

        /** The session is over. */
        void ended(String reason);
    }

    EngineSession(Vertx vertx, EngineOptions options, EngineClient client, EngineTable table, Listener listener) {
        this.vertx = vertx;
        this.options = options;
        this.client = client;
        this.listener = listener;
        reader = new EngineReader(options.kind());
        long beganNs = TimeUnit.SECONDS.toNanos(began.getEpochSecond()) + began.getNano();
        story = new EngineStory(
                options.kind(), beganNs, table, new EngineStory.Outside(client::inspect, listener, this::fail));
        lines = new EventLines(story::heard);
    }

    /** Begins; trouble comes as {@link Listener#ended}. */
    void start() {
        client.negotiate()
                .compose(agreed -> client.events(began.getEpochSecond() - SINCE_SECONDS_BEFORE))
                .onSuccess(this::subscribed)
                .onFailure(this::fail);
    }

    /** Ends without a word. */
    void stop() {
        ended = true;
        story.stop();
        vertx.cancelTimer(timer);
        if (events != null) {
            events.close();
        }
    }

    private void subscribed(HttpClientResponse stream) {
        events = stream.request().connection();
        if (ended) {
            events.close();
            return;
        }
        stream.handler(piece -> guarded(() -> lines.take(piece, System.nanoTime())));
        stream.exceptionHandler(this::fail);
        stream.endHandler(
                end -> fail(new EngineException(Reason.UNREACHABLE, "the engine has ended its stream of events")));
        list();
    }

    private void list() {
        List<ListedContainer> listed = new ArrayList<>();
        story.listBegins();
        client.list(entry -> listed.add(reader.listed(entry)))
                .onSuccess(done -> guarded(() -> {
                    story.listed(listed);
                    timer = vertx.setTimer(options.relistPeriod().toMillis(), again -> list());
                }))
                .onFailure(this::fail);
    }

    private void guarded(Runnable work) {
        if (ended) {
            return;
        }
        try {
            work.run();
        } catch (EngineException e) {
            fail(e);
        }
    }

    private void fail(Throwable failure) {
        if (!ended) {
            stop();
            listener.ended(String.valueOf(failure.getMessage()));
        }
    }
}
