// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.containers;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.EnrollmentEvent;
import org.opdbus.events.Event;
import org.opdbus.events.MeshEvent;
import org.opdbus.events.StateEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the containers of this host: as soon as every source has listed, then some time after a fact about one, at
 * most once in {@value #EVERY_MS} ms, never twice at a time, and once in {@value #RESYNC_MS} ms in any case; after a
 * failure at growing intervals. For one thread, except {@link #hear}.
 */
public final class OwnListing implements Disposable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final Set<Source> AWAITED =
            Arrays.stream(Source.values()).filter(Source::isEverywhere).collect(Collectors.toUnmodifiableSet());
    /** A burst of facts causes one question, and the answer includes all of them. */
    private static final long SETTLE_MS = 100;

    private static final long EVERY_MS = 1_000;
    private static final long RESYNC_MS = 60_000;
    private static final long LIMIT_MS = 10_000;
    private static final int DOUBLINGS_MAX = 5;
    /** An agent that has just started does not know its containers yet; peers must not conclude that it has none. */
    private static final long SOURCES_LIMIT_MS = 10_000;

    private final Supplier<Single<JsonArray>> containers;
    private final Consumer<List<String>> answered;
    private final AtomicBoolean stirred = new AtomicBoolean(true);
    /** The sources that have listed, or cannot. */
    private final Set<Source> heard = ConcurrentHashMap.newKeySet();

    private final SerialDisposable asking = new SerialDisposable();
    private volatile boolean underWay;
    private volatile int failures;
    private long beganMs = Long.MAX_VALUE;
    private long dueMs = Long.MAX_VALUE;
    private long notBeforeMs = Long.MIN_VALUE;

    /**
     * Asks nothing before the first {@link #look}.
     *
     * @param containers asks; its answer may come on any thread
     * @param answered receives the answer, each container as JSON, on the thread of the answer
     */
    public OwnListing(Supplier<Single<JsonArray>> containers, Consumer<List<String>> answered) {
        this.containers = containers;
        this.answered = answered;
    }

    /** Notes a fact. For any thread; it does nothing else. */
    public void hear(Event event) {
        if (event instanceof SourceListed listed) {
            heard.add(listed.source());
            stirred.set(true);
        } else if (event instanceof SourceLost lost) {
            heard.add(lost.source());
        } else if (event instanceof ContainerEvent
                || event instanceof EnrollmentEvent
                || event instanceof MeshEvent
                || event instanceof StateEvent) {
            stirred.set(true);
        }
    }

    /** Asks if it is time; must be called often. */
    public void look(long nowMs) {
        beganMs = Math.min(beganMs, nowMs);
        if (!heard.containsAll(AWAITED) && nowMs - beganMs < SOURCES_LIMIT_MS) {
            return;
        }
        if (stirred.getAndSet(false)) {
            dueMs = Math.min(dueMs, nowMs + SETTLE_MS);
        }
        if (!underWay && nowMs >= dueMs && nowMs >= notBeforeMs) {
            underWay = true;
            dueMs = nowMs + RESYNC_MS;
            notBeforeMs = nowMs + (EVERY_MS << Math.min(failures, DOUBLINGS_MAX));
            asking.set(Single.defer(containers::get)
                    .map(OwnListing::rows)
                    .timeout(LIMIT_MS, TimeUnit.MILLISECONDS)
                    .doFinally(() -> underWay = false)
                    .subscribe(this::succeeded, this::failed));
        }
    }

    private static List<String> rows(JsonArray containers) {
        return containers.stream()
                .map(JsonObject.class::cast)
                .map(JsonObject::encode)
                .toList();
    }

    private void succeeded(List<String> rows) {
        failures = 0;
        answered.accept(rows);
    }

    private void failed(Throwable failure) {
        if (failures == 0) {
            LOG.warn("cluster: cannot list this host's containers, so peers see the last list: {}", failure.toString());
        }
        failures = failures < DOUBLINGS_MAX ? failures + 1 : failures;
        stirred.set(true);
    }

    @Override
    public void dispose() {
        asking.dispose();
    }

    @Override
    public boolean isDisposed() {
        return asking.isDisposed();
    }
}
