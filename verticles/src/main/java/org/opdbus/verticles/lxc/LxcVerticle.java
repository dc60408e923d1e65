// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.verticles.bus.Bus;

/**
 * The LXC source: publishes which containers are defined under one lxc.path and which of them run.
 * The package documentation has the contract.
 */
public final class LxcVerticle extends AbstractVerticle {
    /** The number of callers of {@link #observe} that are served at the same time; others wait. */
    private static final int QUESTIONS_AT_ONCE = 4;

    /**
     * How long a link may stay unexplained. A container's link appears some milliseconds before the container is up, and
     * its namespace is known soon afterwards.
     */
    private static final long EXPLAINED_MS = 250;

    private final Bus bus;
    private final LxcOptions options;
    private final LiveSockets live = new LiveSockets();
    private final UnexplainedLinks links = new UnexplainedLinks();
    private final LxcThread thread;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final ExecutorService questions = Executors.newFixedThreadPool(QUESTIONS_AT_ONCE, task -> {
        Thread questioner = new Thread(task, "op-dbus-lxc-question");
        questioner.setDaemon(true);
        return questioner;
    });
    private final Scheduler questionScheduler = Schedulers.from(questions);

    public LxcVerticle(Bus bus, LxcOptions options) {
        this(bus, options, ListeningSockets::read);
    }

    LxcVerticle(Bus bus, LxcOptions options, ListeningSockets.Table sockets) {
        this.bus = bus;
        this.options = options;
        this.thread = new LxcThread(options, sockets, live, bus::publish);
    }

    /** Completes when everything is watched and the first listing has begun. */
    @Override
    public Completable rxStart() {
        subscriptions.addAll(
                bus.subscribe(Address.LINK_APPEARED, event -> seen(Optional.empty(), event.link())),
                bus.subscribe(Address.LINK_CHANGED, event -> seen(Optional.of(event.before()), event.link())),
                bus.subscribe(Address.CONTAINER_STARTED, links::started),
                bus.subscribe(Address.NAMESPACE_RESOLVED, links::resolved),
                bus.subscribe(Address.CONTAINER_STOPPED, links::stopped));
        return thread.start();
    }

    /** Completes when the watching thread has ended. */
    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        questions.shutdown();
        return thread.stop();
    }

    /**
     * Asks the container's monitor now. Never fails: an unknown state is {@link Observed.Unknown}.
     * The answer comes on a separate thread, within {@link LxcOptions#answerMs()} after the
     * caller's turn.
     */
    public Single<Observed> observe(ContainerId id) {
        return Single.fromCallable(() -> ask(id)).subscribeOn(questionScheduler);
    }

    private Observed ask(ContainerId id) {
        List<String> names = Stream.concat(
                        live.socket(id).stream(), Stream.of(CommandName.of(options.lxcPath(), id.value())))
                .distinct()
                .toList();
        Observed observed = new MonitorQuery(Path.of(options.lxcPath()), names, options.answerMs()).ask();
        if (observed instanceof Observed.Stopped) {
            // A killed monitor may have left its init alive: LXC reports STOPPED then, although the
            // container runs.
            return live.init(id).<Observed>map(Observed.Running::new).orElse(observed);
        }
        return observed;
    }

    /** The first unexplained link begins a pause, in which it may be explained, with all that follow it. */
    private void seen(Optional<Link> before, Link link) {
        if (links.seen(before, link)) {
            vertx.setTimer(EXPLAINED_MS, timer -> {
                if (links.take()) {
                    thread.look();
                }
            });
        }
    }
}
