// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the state of the agent to the service manager. Other threads may call only its public methods.
 *
 * <p>The agent is ready when it has started, and the kernel and LXC have listed everything, and Open vSwitch too
 * unless its database is out of reach: a host must boot without it, and the status line says that it is missing.
 */
public final class ServiceVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceVerticle.class);
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

    private final Bus bus;
    private final ServiceManager manager;
    private final Supplier<Single<List<ContainerStatus>>> containers;
    private final Flowable<?> changes;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final Set<Source> silent = EnumSet.allOf(Source.class);
    private final Set<Source> lost = EnumSet.noneOf(Source.class);
    private volatile @Nullable Context own;
    private boolean begun;
    private boolean readyTold;
    private int reloads;
    private volatile boolean stale = true;
    private boolean asking;
    private boolean beating;
    private String statusTold = "";

    /**
     * Creates a verticle that has not reported anything yet.
     *
     * @param containers the status of every container, answered by the event loop that the watchdog guards
     * @param changes emits, on any thread, when the status may have changed without any fact on the bus
     */
    public ServiceVerticle(
            Bus bus, ServiceManager manager, Supplier<Single<List<ContainerStatus>>> containers, Flowable<?> changes) {
        this.bus = bus;
        this.manager = manager;
        this.containers = containers;
        this.changes = changes;
    }

    @Override
    public Completable rxStart() {
        own = Context.newInstance(context);
        Scheduler scheduler = scheduler();
        subscriptions.add(bus.subscribeAll(this::hear));
        subscriptions.add(changes.subscribe(change -> stale = true));
        long statusMs = STATUS_INTERVAL.toMillis();
        subscriptions.add(
                scheduler.schedulePeriodicallyDirect(this::tellChanges, statusMs, statusMs, TimeUnit.MILLISECONDS));
        manager.watchdog().ifPresent(limit -> {
            // Half of the limit is what sd_watchdog_enabled(3) advises.
            long beatMicros = Math.max(1, limit.dividedBy(2).toNanos() / 1_000);
            subscriptions.add(scheduler.schedulePeriodicallyDirect(this::beat, 0, beatMicros, TimeUnit.MICROSECONDS));
        });
        return Completable.complete();
    }

    private void hear(Event event) {
        stale = true;
        if (event instanceof SourceListed listed) {
            silent.remove(listed.source());
            lost.remove(listed.source());
            tellReady();
        } else if (event instanceof SourceLost gone) {
            silent.add(gone.source());
            lost.add(gone.source());
            tellReady();
        }
    }

    /**
     * Says that the agent has started and can be reloaded and stopped by signals: it is ready as soon as its sources
     * have listed.
     */
    public void begun() {
        onOwn(() -> {
            begun = true;
            tellReady();
        });
    }

    private void tellReady() {
        if (!readyTold && isReady() && reloads == 0) {
            readyTold = manager.tell("READY=1");
        }
    }

    private boolean isReady() {
        return begun
                && !silent.contains(Source.NETLINK)
                && !silent.contains(Source.LXC)
                && (!silent.contains(Source.OVSDB) || lost.contains(Source.OVSDB));
    }

    /** Says that the agent reads the configuration again; {@link #reloaded} follows. */
    public void reloading() {
        onOwn(() -> {
            reloads++;
            if (readyTold) {
                manager.tell("RELOADING=1", "MONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
                readyTold = false;
            }
        });
    }

    /** Says that the work announced by {@link #reloading} has ended, successful or not. */
    public void reloaded() {
        onOwn(() -> {
            reloads--;
            tellReady();
        });
    }

    /** Says that the agent is stopping. */
    public void stopping() {
        // Sent at once, on the caller's thread, because the event loop may be what no longer
        // answers.
        manager.tell("STOPPING=1", "STATUS=Stopping; ports stay");
        onOwn(subscriptions::dispose);
    }

    /** Also sends again what the manager could not receive. */
    private void tellChanges() {
        tellReady();
        if (stale && !asking) {
            asking = true;
            stale = false;
            ask(this::tellStatus);
        }
    }

    private void tellStatus(List<ContainerStatus> answer) {
        asking = false;
        String line = StatusLine.of(answer, silent);
        if (line.equals(statusTold)) {
            return;
        }
        if (manager.tell("STATUS=" + line)) {
            statusTold = line;
        } else {
            stale = true;
        }
    }

    private void beat() {
        if (!beating) {
            beating = true;
            ask(answer -> {
                beating = false;
                manager.tell("WATCHDOG=1");
            });
        }
    }

    /** Without an answer it sends no sign of life: that is the purpose of the watchdog. */
    private void ask(Consumer<List<ContainerStatus>> told) {
        containers
                .get()
                .observeOn(scheduler())
                .subscribe(
                        told::accept,
                        failure -> LOG.error(
                                "the reconciler does not answer with the status of " + "the containers", failure),
                        subscriptions);
    }

    private Scheduler scheduler() {
        return RxHelper.scheduler(started());
    }

    private Context started() {
        Context own = this.own;
        if (own == null) {
            throw new IllegalStateException("the service verticle has not been started");
        }
        return own;
    }

    private void onOwn(Runnable work) {
        started().runOnContext(nothing -> work.run());
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        return Completable.complete();
    }
}
