// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.buffer.Buffer;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.cluster.audit.HeldHead;
import org.opdbus.verticles.cluster.limits.PeerInbox;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.limits.TaskThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows this host's ledger and facts to its peers, and hears theirs. The transport may appear, fail and return; the
 * ledger holds what peers pull later. The local bus handler only appends; the thread for peers does everything else.
 *
 * <p>The deployment neither waits for anything nor fails: what must be read and written first is retried again and
 * again.
 */
public final class ClusterVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private static final long SEND_DUE_MS = 50;
    /** While entries are written all the time, the head is shown at this interval. */
    private static final long HEAD_EVERY_MS = 100;

    private static final long BEGIN_AGAIN_MS = 5_000;
    private static final long END_LIMIT_MS = 5_000;
    private static final int BEATS_PER_LOOK_AT_REMOVED = 5;

    private final Bus bus;
    private final ClusterOptions options;
    private final Ledger ledger;
    private final Flowable<Optional<ClusterTransport>> transport;
    private final BehaviorProcessor<List<SeenHost>> changes = BehaviorProcessor.createDefault(List.of());
    private final PeerWarnings warnings = new PeerWarnings(System::nanoTime);
    private final ForgedMessages forged = new ForgedMessages(warnings);
    private final TaskThread thread = new TaskThread("op-dbus-peers", this::failed);
    private final PeerInbox inbox = new PeerInbox(thread);
    private final AtomicBoolean liveIsDue = new AtomicBoolean();
    private final AtomicBoolean headIsDue = new AtomicBoolean();
    private final CompositeDisposable joined = new CompositeDisposable();
    private final CompositeDisposable listening = new CompositeDisposable();
    private final PeerExchange exchange;
    /** For the thread. */
    private boolean hasBegun;

    private volatile long headAtNs = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(HEAD_EVERY_MS);

    /**
     * Creates a verticle that does nothing before its deployment.
     *
     * @param transport the transport between the hosts, as it appears and fails; its items may come on any thread
     * @param listener called on the thread of this verticle
     * @param signer signs messages and says which member signed one
     * @param removed says which hosts were removed from the cluster and must be forgotten; also called on that thread
     */
    public ClusterVerticle(
            Bus bus,
            ClusterOptions options,
            Ledger ledger,
            Flowable<Optional<ClusterTransport>> transport,
            ClusterListener listener,
            MessageSigner signer,
            Supplier<Set<String>> removed) {
        this.bus = bus;
        this.options = options;
        this.ledger = ledger;
        this.transport = transport;
        exchange = new PeerExchange(
                options,
                ledger,
                thread,
                warnings,
                new PeerExchange.Inputs(listener, signer, forged, bus::publish, removed, changes::onNext));
    }

    /** Returns all other known hosts, including those that are away. For any thread. */
    public List<HostRow> hosts() {
        return exchange.hosts();
    }

    /** Returns the same hosts with their containers. For any thread. */
    public List<SeenHost> seen() {
        return exchange.seen();
    }

    /**
     * Emits them now and whenever they change, on the thread of this verticle; a slow subscriber gets only the newest
     * value.
     */
    public Flowable<List<SeenHost>> changes() {
        return changes.onBackpressureLatest();
    }

    /** Returns the counts of forged messages. For any thread. */
    public ForgedMessages forged() {
        return forged;
    }

    /** Asks all peers that are up for the highest head of this host's ledger that they hold. For any thread. */
    public Single<List<HeldHead>> heldHeads() {
        return exchange.heldHeads();
    }

    @Override
    public Completable rxStart() {
        return Completable.fromAction(() -> {
            long base = ledger.head().map(Ledger.Head::height).orElse(0L);
            listening.add(bus.subscribeAll(this::heard));
            thread.run(() -> begin(base));
        });
    }

    private void begin(long base) {
        try {
            exchange.begin(base);
        } catch (IOException | RuntimeException e) {
            warnings.warn(options.host(), "this host shares nothing until its files can be read and written: " + e);
            thread.after(BEGIN_AGAIN_MS, () -> begin(base));
            return;
        }
        hasBegun = true;
        listening.add(transport.subscribe(
                now -> thread.run(() -> join(now)),
                failure -> LOG.warn("cluster: the transport reports nothing any more: {}", failure.toString())));
        thread.every(SEND_DUE_MS, exchange::sendDue);
        thread.every(options.beatMs(), exchange::check);
        thread.every(PeerViews.LOOK_MS, exchange::look);
        thread.every(BEATS_PER_LOOK_AT_REMOVED * options.beatMs(), exchange::forgetRemoved);
    }

    /** Runs on the local bus's thread, which it must neither block nor fail. */
    private void heard(Event event) {
        try {
            if (exchange.heard(event)) {
                sendSoon();
            }
            if (event instanceof EntryCommitted) {
                showSoon();
            }
        } catch (RuntimeException e) {
            warnings.warn(options.host(), "a fact of this host was not shared: " + e);
        }
    }

    private void sendSoon() {
        if (liveIsDue.compareAndSet(false, true)) {
            thread.run(() -> {
                liveIsDue.set(false);
                if (exchange.sendLive()) {
                    sendSoon();
                }
            });
        }
    }

    /** Shows the head after a commit: at once, or when the interval since the last time is over. */
    private void showSoon() {
        if (exchange.isOpen() && headIsDue.compareAndSet(false, true)) {
            long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - headAtNs);
            thread.after(Math.max(0, HEAD_EVERY_MS - sinceMs), () -> {
                headIsDue.set(false);
                headAtNs = System.nanoTime();
                exchange.publishHead();
            });
        }
    }

    private void join(Optional<ClusterTransport> now) {
        joined.clear();
        now.ifPresent(there -> joined.add(there.receive(options.host(), this::arrived)));
        exchange.join(now);
    }

    /** Runs on the transport's own thread, so it only passes the message on. */
    private void arrived(Buffer bytes) {
        inbox.take(bytes.length(), () -> exchange.receive(bytes));
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(() -> {
                    listening.dispose();
                    joined.dispose();
                    if (!thread.finish(this::end, END_LIMIT_MS)) {
                        LOG.warn("cluster: what is known of peers was not saved within {} ms", END_LIMIT_MS);
                    }
                })
                .subscribeOn(Schedulers.io());
    }

    private void failed(Throwable failure) {
        warnings.warn("", "a task failed and is tried again: " + failure);
    }

    private void end() throws IOException {
        // Without its memory of the earlier run it would write that over.
        if (hasBegun) {
            exchange.end();
        }
        changes.onComplete();
    }
}
