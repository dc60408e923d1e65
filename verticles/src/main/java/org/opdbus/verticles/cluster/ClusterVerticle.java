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
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.SharedBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends this host's facts to its peers and publishes theirs. The shared bus may appear, fail and return; in the
 * meantime facts wait in the {@link Outbox}. The local bus handler only appends to it; the {@link SiblingsThread}
 * does everything else.
 *
 * <p>The verticle receives facts from the moment of its deployment. The deployment neither waits for anything nor
 * fails: what must be read and written first is retried again and again, and until then the verticle holds the last
 * facts.
 */
public final class ClusterVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    static final String TO_ALL = Post.TO_ALL;
    private static final long ASK_MS = 50;
    private static final long BEGIN_AGAIN_MS = 5_000;
    private static final long END_LIMIT_MS = 5_000;
    private static final int BEATS_PER_LOOK_AT_ROSTER = 5;

    private final Bus bus;
    private final ClusterOptions options;
    private final Ledger ledger;
    private final Flowable<Optional<SharedBus>> shared;
    private final Conversation.Inputs inputs;
    private final BehaviorProcessor<List<SeenHost>> changes = BehaviorProcessor.createDefault(List.of());
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final SiblingsThread thread = new SiblingsThread(complaints);
    private final AtomicBoolean sendIsDue = new AtomicBoolean();
    private final CompositeDisposable joined = new CompositeDisposable();
    private final CompositeDisposable listening = new CompositeDisposable();
    /** The facts received before the conversation began; guarded by itself. */
    private final Deque<Event> early = new ArrayDeque<>();

    private volatile @Nullable Conversation conversation;

    /**
     * Creates a verticle that does nothing before its deployment.
     *
     * @param shared the bus between the hosts, as it appears and fails; its items may come on any thread
     * @param onlooker called on the thread of this verticle
     * @param removed says which hosts were removed from the cluster and must be forgotten; also called on that thread
     */
    public ClusterVerticle(
            Bus bus,
            ClusterOptions options,
            Ledger ledger,
            Flowable<Optional<SharedBus>> shared,
            Onlooker onlooker,
            Supplier<Set<String>> removed) {
        this.bus = bus;
        this.options = options;
        this.ledger = ledger;
        this.shared = shared;
        inputs = new Conversation.Inputs(onlooker, bus::publish, removed, changes::onNext);
    }

    /** Creates a verticle for a receiver of peers' facts in a cluster from which no host is ever removed. */
    ClusterVerticle(
            Bus bus,
            ClusterOptions options,
            Ledger ledger,
            Flowable<Optional<SharedBus>> shared,
            Consumer<Told> listener) {
        this(bus, options, ledger, shared, Onlooker.hearing(listener), Set::of);
    }

    /** Returns all other known hosts, including those that are away. For any thread. */
    public List<HostRow> hosts() {
        Conversation open = conversation;
        return open == null ? List.of() : open.hosts();
    }

    /** Returns the same hosts with their containers. For any thread. */
    public List<SeenHost> seen() {
        Conversation open = conversation;
        return open == null ? List.of() : open.seen();
    }

    /**
     * Emits them now and whenever they change, on the thread of this verticle; a slow subscriber gets only the newest
     * value.
     */
    public Flowable<List<SeenHost>> changes() {
        return changes.onBackpressureLatest();
    }

    /** Asks all peers that are up for the highest head of this host's ledger that they hold. For any thread. */
    public Single<List<HeldHead>> heldHeads() {
        Conversation open = conversation;
        return open == null ? Single.just(List.of()) : open.heldHeads();
    }

    @Override
    public Completable rxStart() {
        return Completable.fromAction(() -> {
            long base = ledger.head().map(Ledger.Head::height).orElse(0L);
            Outbox outbox = new Outbox(options.host(), Instant.now().toEpochMilli(), base, options.windowMax());
            listening.add(bus.subscribeAll(event -> heard(outbox, event)));
            thread.run(() -> begin(outbox, base));
        });
    }

    private void begin(Outbox outbox, long base) {
        Conversation begun;
        try {
            begun = new Conversation(options, ledger, base, outbox, thread, complaints, inputs);
        } catch (IOException | RuntimeException e) {
            complaints.warn(
                    options.host(), "this host shares nothing until its files can be read " + "and written: " + e);
            thread.after(BEGIN_AGAIN_MS, () -> begin(outbox, base));
            return;
        }
        synchronized (early) {
            early.forEach(begun::heard);
            early.clear();
            conversation = begun;
        }
        listening.add(shared.subscribe(
                now -> thread.run(() -> join(begun, now)),
                failure -> LOG.warn("cluster: no more messages from the shared bus: {}", failure.toString())));
        thread.every(ASK_MS, begun::ask);
        thread.every(options.beatMs(), begun::beat);
        thread.every(SeenHosts.LOOK_MS, begun::look);
        thread.every(BEATS_PER_LOOK_AT_ROSTER * options.beatMs(), begun::forgetRemoved);
    }

    /** Runs on the local bus's thread, which it must neither block nor fail. */
    private void heard(Outbox outbox, Event event) {
        try {
            outbox.append(event, Instant.now());
            Conversation open = conversation;
            if (open == null) {
                open = keptFor(event);
            }
            if (open != null) {
                open.heard(event);
                sendSoon(open);
            }
        } catch (RuntimeException e) {
            complaints.warn(options.host(), "a fact of this host was not shared: " + e);
        }
    }

    /** Stores the fact until there is a conversation; returns the conversation if it has begun in the meantime. */
    private @Nullable Conversation keptFor(Event event) {
        synchronized (early) {
            if (conversation == null) {
                early.addLast(event);
                if (early.size() > options.windowMax()) {
                    early.removeFirst();
                }
            }
            return conversation;
        }
    }

    private void sendSoon(Conversation open) {
        if (open.isOpen() && sendIsDue.compareAndSet(false, true)) {
            thread.run(() -> {
                sendIsDue.set(false);
                if (open.send()) {
                    sendSoon(open);
                }
            });
        }
    }

    private void join(Conversation open, Optional<SharedBus> now) {
        joined.clear();
        now.ifPresent(there -> {
            joined.add(there.subscribe(Post.TO_ALL, bytes -> arrived(open, bytes)));
            joined.add(there.subscribe(Post.TO_HOST + options.host(), bytes -> arrived(open, bytes)));
        });
        open.join(now);
        sendSoon(open);
    }

    /** Runs on the shared bus's own thread, so it only passes the message on. */
    private void arrived(Conversation open, Buffer bytes) {
        thread.take(bytes.length(), () -> open.receive(bytes));
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(() -> {
                    listening.dispose();
                    joined.dispose();
                    thread.end(this::end, END_LIMIT_MS);
                })
                .subscribeOn(Schedulers.io());
    }

    private void end() throws IOException {
        Conversation open = conversation;
        if (open != null) {
            open.end();
        }
        changes.onComplete();
    }
}
