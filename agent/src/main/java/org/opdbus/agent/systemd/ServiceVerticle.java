// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.HostFacts.Heard;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.LiveInventory;
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

    private final ServiceManager manager;
    private final LiveInventory inventory;
    private final Completable turn;
    private final SerialDisposable telling = new SerialDisposable();
    private final CompositeDisposable subscriptions = new CompositeDisposable(telling);
    private volatile @Nullable Context own;
    private boolean begun;
    private boolean readyTold;
    private int reloads;
    private boolean beating;
    private boolean toldSoon;
    private String statusTold = "";

    /**
     * Creates a verticle that has not reported anything yet.
     *
     * @param turn completes when the event loop that the watchdog guards has had a turn
     */
    public ServiceVerticle(ServiceManager manager, LiveInventory inventory, Completable turn) {
        this.manager = manager;
        this.inventory = inventory;
        this.turn = turn;
    }

    @Override
    public Completable rxStart() {
        own = Context.newInstance(context);
        Scheduler scheduler = scheduler();
        subscriptions.add(inventory.changes(scheduler).subscribe(this::changed));
        manager.watchdog().ifPresent(limit -> {
            // Half of the limit is what sd_watchdog_enabled(3) advises.
            long beatMicros = Math.max(1, limit.dividedBy(2).toNanos() / 1_000);
            subscriptions.add(scheduler.schedulePeriodicallyDirect(this::beat, 0, beatMicros, TimeUnit.MICROSECONDS));
        });
        return Completable.complete();
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

    private void changed(InventoryChange change) {
        if (change.isOfHost()) {
            tellReady();
        }
        tellSoon();
    }

    private void tellReady() {
        if (!readyTold && isReady() && reloads == 0) {
            readyTold = manager.tell("READY=1");
            if (!readyTold) {
                tellSoon();
            }
        }
    }

    private boolean isReady() {
        HostFacts host = inventory.current().host();
        return begun
                && host.source(Source.NETLINK).heard() == Heard.LISTED
                && host.source(Source.LXC).heard() == Heard.LISTED
                && host.source(Source.OVSDB).heard() != Heard.AWAITED;
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

    /** Tells the manager what has changed, once a second at the most. Nothing runs while nothing changes. */
    private void tellSoon() {
        if (!toldSoon) {
            toldSoon = true;
            telling.replace(
                    scheduler().scheduleDirect(this::tellChanges, STATUS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Also sends again what the manager could not receive. */
    private void tellChanges() {
        toldSoon = false;
        tellReady();
        String line = StatusLine.of(inventory.current());
        if (line.equals(statusTold)) {
            return;
        }
        if (manager.tell("STATUS=" + line)) {
            statusTold = line;
        } else {
            tellSoon();
        }
    }

    /** Without an answer it sends no sign of life: that is the purpose of the watchdog. */
    private void beat() {
        if (!beating) {
            beating = true;
            // The container forgets each question when it is answered.
            turn.observeOn(scheduler())
                    .subscribe(
                            () -> {
                                beating = false;
                                manager.tell("WATCHDOG=1");
                            },
                            failure -> LOG.error("the reconciler does not take its turn", failure),
                            subscriptions);
        }
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
