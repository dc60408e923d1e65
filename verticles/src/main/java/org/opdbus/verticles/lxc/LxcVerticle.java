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

    private final Bus bus;
    private final LxcOptions options;
    private final LiveSockets live = new LiveSockets();
    private final LxcThread thread;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final ExecutorService questions = Executors.newFixedThreadPool(QUESTIONS_AT_ONCE, task -> {
        Thread questioner = new Thread(task, "op-dbus-lxc-question");
        questioner.setDaemon(true);
        return questioner;
    });
    private final Scheduler questionScheduler = Schedulers.from(questions);

    public LxcVerticle(Bus bus, LxcOptions options) {
        this.bus = bus;
        this.options = options;
        this.thread = new LxcThread(options, live, bus::publish);
    }

    /** Completes when everything is watched and the first listing has begun. */
    @Override
    public Completable rxStart() {
        subscriptions.add(bus.subscribe(Address.LINK_APPEARED, event -> hintOf(event.link())));
        subscriptions.add(bus.subscribe(Address.LINK_CHANGED, event -> hintOf(event.link())));
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
     * Asks for a look soon, because a container may have started. Any thread may call it, at low
     * cost. However often it is called, there are at most a hundred looks per second.
     */
    public void hint() {
        thread.hint();
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

    /**
     * LXC moves a veth's other end into a container a few milliseconds before the container is up.
     */
    private void hintOf(Link link) {
        if (link.isVethIntoNamespace()) {
            hint();
        }
    }
}
