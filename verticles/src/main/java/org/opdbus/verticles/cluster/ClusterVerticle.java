// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.buffer.Buffer;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.SharedBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries this host's facts to its siblings and tells theirs. The shared bus may come, go and come back: meanwhile facts
 * wait in the {@link Outbox}. The local bus handler only appends there; all else is done on a thread of its own.
 *
 * <p>Overflow rule: at most {@value #WAITING_MAX} messages wait for that thread; another one is dropped, and asked for again.
 */
public final class ClusterVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    static final String TO_ALL = "op-dbus.cluster.all";
    static final String TO_HOST = "op-dbus.cluster.host.";
    private static final int WAITING_MAX = 4096;
    private static final long ASK_MS = 50;
    private static final int AWAY_AFTER_BEATS = 4;
    private static final Duration COMPLAIN_EVERY = Duration.ofMinutes(10);

    private final Bus bus;
    private final ClusterOptions options;
    private final Ledger ledger;
    private final Flowable<Optional<SharedBus>> shared;
    private final Onlooker onlooker;
    private final BehaviorProcessor<List<SeenHost>> changes = BehaviorProcessor.createDefault(List.of());

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, work -> {
        Thread made = new Thread(work, "op-dbus-siblings");
        made.setDaemon(true);
        return made;
    });
    private final Random jitter = new Random();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean sendIsDue = new AtomicBoolean();
    private final CompositeDisposable joined = new CompositeDisposable();
    private final CompositeDisposable listening = new CompositeDisposable();
    private final Map<String, HostRow> rows = new TreeMap<>();
    private volatile List<HostRow> shown = List.of();
    private volatile @Nullable SharedBus present;

    private long epoch;
    private long base;
    private long beats;
    private Instant complainedAt = Instant.MIN;
    private @Nullable HostFile file;
    private @Nullable Outbox outbox;
    private @Nullable Siblings siblings;
    private @Nullable Watch watch;
    private volatile @Nullable SeenHosts seen;

    /**
     * Not in use before it is deployed.
     *
     * @param shared the bus between the hosts, as it comes and goes; its items may come on any thread
     * @param onlooker called on the thread of this verticle
     */
    public ClusterVerticle(
            Bus bus, ClusterOptions options, Ledger ledger, Flowable<Optional<SharedBus>> shared, Onlooker onlooker) {
        this.bus = bus;
        this.options = options;
        this.ledger = ledger;
        this.shared = shared;
        this.onlooker = onlooker;
    }

    /** The same for whoever only hears what siblings tell. */
    ClusterVerticle(
            Bus bus,
            ClusterOptions options,
            Ledger ledger,
            Flowable<Optional<SharedBus>> shared,
            Consumer<Told> listener) {
        this(bus, options, ledger, shared, Onlooker.hearing(listener));
    }

    /** All hosts but this one that were ever heard of, those that are away too. For any thread. */
    public List<HostRow> hosts() {
        return shown;
    }

    /** The same with their containers. For any thread. */
    public List<SeenHost> seen() {
        SeenHosts open = seen;
        return open == null ? List.of() : open.now();
    }

    /** The same, now and whenever it changes, on the thread of this verticle; who is slow gets only the newest. */
    public Flowable<List<SeenHost>> changes() {
        return changes.onBackpressureLatest();
    }

    @Override
    public Completable rxStart() {
        return Completable.fromFuture(thread.submit(asCallable(this::begin)))
                .subscribeOn(Schedulers.io())
                .andThen(Completable.fromAction(this::listen));
    }

    private static Callable<Boolean> asCallable(Work work) {
        return () -> {
            work.run();
            return true;
        };
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void begin() throws IOException {
        HostFile remembered = new HostFile(options.file());
        HostFile.Content content = remembered.read();
        epoch = Math.max(Instant.now().toEpochMilli(), content.epoch() + 1);
        rows.putAll(content.rows());
        shown = List.copyOf(rows.values());
        base = ledger.head().map(Ledger.Head::height).orElse(0L);
        Outbox made = new Outbox(options.host(), epoch, base, options.windowMax());
        OwnLedger own = new OwnLedger(options.ledgerDir());
        outbox = made;
        file = remembered;
        HeadsFile heads = new HeadsFile(options.file().resolveSibling("heads.json"));
        watch = new Watch(options.host(), own, new Posting(), bus::publish, heads);
        SeenHosts others = new SeenHosts(
                options, epoch, onlooker, jitter, work -> run(work::run), this::tellHeartbeat, changes::onNext);
        others.begin(rows.values());
        seen = others;
        siblings = new Siblings(
                options.host(),
                made,
                own,
                new Posting(),
                told -> others.told(told, new Posting(), nowMs()),
                jitter,
                content.positions());
        // Before anything is sent in this epoch: no later run may use it again.
        remembered.write(epoch, rows.values(), content.positions());
    }

    private void listen() {
        listening.add(bus.subscribeAll(this::heard));
        listening.add(shared.subscribe(
                now -> run(() -> join(now)),
                failure -> LOG.warn("cluster: nothing more is heard of the shared bus: {}", failure.toString())));
        every(ASK_MS, this::ask);
        every(options.beatMs(), this::beat);
        every(SeenHosts.LOOK_MS, this::look);
    }

    private void look() throws IOException {
        SeenHosts others = seen;
        if (others != null) {
            others.look(rows.values(), nowMs(), new Posting());
        }
    }

    private void heard(Event event) {
        SeenHosts others = seen;
        if (others != null) {
            others.hear(event);
        }
        Outbox open = outbox;
        if (open != null) {
            open.append(event, Instant.now());
            if (present != null && sendIsDue.compareAndSet(false, true)) {
                run(this::send);
            }
        }
    }

    private void join(Optional<SharedBus> now) {
        joined.clear();
        present = now.orElse(null);
        now.ifPresent(there -> {
            joined.add(there.subscribe(TO_ALL, this::arrived));
            joined.add(there.subscribe(TO_HOST + options.host(), this::arrived));
            tellHeartbeat();
            run(this::send);
        });
    }

    /** On the shared bus's own thread: only hands over. */
    private void arrived(Buffer bytes) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            return;
        }
        boolean isTaken = run(() -> {
            waiting.decrementAndGet();
            receive(bytes);
        });
        if (!isTaken) {
            waiting.decrementAndGet();
        }
    }

    private void receive(Buffer bytes) throws IOException, InterruptedException {
        Optional<Message> read = Wire.read(bytes);
        Watch eyes = watch;
        if (eyes != null && read.isPresent() && !read.get().host().equals(options.host())) {
            eyes.receive(read.get());
        }
        Siblings open = siblings;
        SeenHosts others = seen;
        if (read.isPresent()
                && open != null
                && others != null
                && !others.receive(read.get(), new Posting(), nowMs())
                && open.receive(read.get())
                && read.get() instanceof Message.Heartbeat beat) {
            others.heartbeat(beat);
            seen(beat);
        }
    }

    private void seen(Message.Heartbeat beat) {
        HostRow before = rows.put(
                beat.host(),
                new HostRow(beat.host(), true, Instant.now(), beat.height(), beat.version(), beat.checkpoint()));
        if (before == null || !before.up()) {
            LOG.info("cluster.up host={} height={} version={}", beat.host(), beat.height(), beat.version());
            // It may have begun before it could hear us, and learns from this how far we are.
            tellHeartbeat();
        }
        shown = List.copyOf(rows.values());
    }

    private void send() {
        sendIsDue.set(false);
        Siblings open = siblings;
        if (open != null && present != null && open.send() && sendIsDue.compareAndSet(false, true)) {
            run(this::send);
        }
    }

    private void ask() {
        Siblings open = siblings;
        if (open != null && present != null) {
            open.ask(nowMs());
        }
    }

    private void beat() throws IOException {
        Instant away = Instant.now().minusMillis(AWAY_AFTER_BEATS * options.beatMs());
        rows.replaceAll((host, row) -> {
            boolean hasGone = row.up() && row.lastSeen().isBefore(away);
            if (hasGone) {
                LOG.info("cluster.away host={} height={}", host, row.height());
            }
            return hasGone ? row.away() : row;
        });
        shown = List.copyOf(rows.values());
        tellHeartbeat();
        save();
    }

    private void save() throws IOException {
        HostFile to = file;
        Siblings open = siblings;
        if (to != null && open != null) {
            to.write(epoch, rows.values(), open.positions());
        }
        Watch eyes = watch;
        if (eyes != null) {
            eyes.save();
        }
    }

    private void end() throws IOException {
        SeenHosts others = seen;
        if (others != null) {
            others.end();
            others.save();
            changes.onComplete();
        }
        save();
    }

    private void tellHeartbeat() {
        Outbox open = outbox;
        SeenHosts others = seen;
        if (open != null && present != null) {
            long table = others == null ? 0 : others.version();
            Checkpoint checkpoint = ledger.checkpoint();
            // After a power cut the last checkpoint on disk may be older than one that was told: the next is there in a
            // moment.
            String note = checkpoint.size() < base ? "" : checkpoint.note();
            new Posting()
                    .toAll(open.heartbeat(++beats, options.version(), note, options.key())
                            .withTable(table));
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private boolean run(Work work) {
        try {
            thread.execute(() -> guarded(work));
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /** Again and again, each time after a pause that differs by a quarter, so that hosts do not keep step. */
    private void every(long pauseMs, Work work) {
        long pause = pauseMs - pauseMs / 8 + jitter.nextLong(Math.max(1, pauseMs / 4));
        try {
            ScheduledFuture<?> unused = thread.schedule(
                    () -> {
                        guarded(work);
                        every(pauseMs, work);
                    },
                    pause,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("cluster: stopped");
        }
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // Whatever another host has sent must not end this thread; what is lost by it is asked for again.
            Instant now = Instant.now();
            if (complainedAt.equals(Instant.MIN) || now.isAfter(complainedAt.plus(COMPLAIN_EVERY))) {
                complainedAt = now;
                LOG.warn(
                        "cluster: something of a sibling's was dropped: {}; said once in {} minutes",
                        e.toString(),
                        COMPLAIN_EVERY.toMinutes());
            }
        }
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(() -> {
            listening.dispose();
            joined.dispose();
            run(this::end);
            thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            thread.shutdown();
            Watch eyes = watch;
            if (eyes != null) {
                eyes.close();
            }
        });
    }

    private final class Posting implements Siblings.Mail {
        @Override
        public void toAll(Message message) {
            post(TO_ALL, message);
        }

        @Override
        public void to(String host, Message message) {
            post(TO_HOST + host, message);
        }

        private void post(String address, Message message) {
            SharedBus open = present;
            if (open != null) {
                open.publish(address, Wire.write(message));
            }
        }
    }
}
