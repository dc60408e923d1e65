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
 * Carries this host's facts to its siblings and tells theirs. The shared bus may come, go and come back: meanwhile facts
 * wait in the {@link Outbox}. The local bus handler only appends there; all else is done on the {@link SiblingsThread}.
 *
 * <p>It hears facts from the moment it is deployed, and deploying it neither waits for anything nor fails: what has to be
 * read and written first is tried again and again, and until then the last facts are held.
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
    /** What was heard before there was a conversation; guarded by itself. */
    private final Deque<Event> early = new ArrayDeque<>();

    private volatile @Nullable Conversation conversation;

    /**
     * Not in use before it is deployed.
     *
     * @param shared the bus between the hosts, as it comes and goes; its items may come on any thread
     * @param onlooker called on the thread of this verticle
     * @param removed says which hosts are removed from the cluster and are to be forgotten; called on that thread, too
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

    /** The same for whoever only hears what siblings tell, in a cluster that nobody leaves. */
    ClusterVerticle(
            Bus bus,
            ClusterOptions options,
            Ledger ledger,
            Flowable<Optional<SharedBus>> shared,
            Consumer<Told> listener) {
        this(bus, options, ledger, shared, Onlooker.hearing(listener), Set::of);
    }

    /** All hosts but this one that were ever heard of, those that are away too. For any thread. */
    public List<HostRow> hosts() {
        Conversation open = conversation;
        return open == null ? List.of() : open.hosts();
    }

    /** The same with their containers. For any thread. */
    public List<SeenHost> seen() {
        Conversation open = conversation;
        return open == null ? List.of() : open.seen();
    }

    /** The same, now and whenever it changes, on the thread of this verticle; who is slow gets only the newest. */
    public Flowable<List<SeenHost>> changes() {
        return changes.onBackpressureLatest();
    }

    /** Asks all siblings that are up for the highest head of this host's ledger that they hold. For any thread. */
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
            complaints.warn(options.host(), "nothing is shared before this host's files can be read and written: " + e);
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
                failure -> LOG.warn("cluster: nothing more is heard of the shared bus: {}", failure.toString())));
        thread.every(ASK_MS, begun::ask);
        thread.every(options.beatMs(), begun::beat);
        thread.every(SeenHosts.LOOK_MS, begun::look);
        thread.every(BEATS_PER_LOOK_AT_ROSTER * options.beatMs(), begun::forgetRemoved);
    }

    /** On the local bus's thread, which must not be held up and must not hear of a failure. */
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
            complaints.warn(options.host(), "a fact of this host is not shared: " + e);
        }
    }

    /** Keeps the fact until there is a conversation; gives that if there is one after all. */
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

    /** On the shared bus's own thread: only hands over. */
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
