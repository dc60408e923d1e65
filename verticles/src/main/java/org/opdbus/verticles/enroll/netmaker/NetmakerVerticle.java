// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.GuestAccess;
import org.opdbus.verticles.enroll.netmaker.MeshContainers.Means;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;

/**
 * Enrols containers in Netmaker meshes. All state lives on this verticle's context; work that waits for files, the kernel or
 * servers runs on threads of its own, or of the commands in containers.
 *
 * <p>The access to the containers must have a {@link org.opdbus.verticles.driver.CommandRunner} of its own that runs {@link #COMMANDS_MAX}
 * programs at a time. A join may take two minutes, so a hostile container can hold one of these places for that long. A
 * container never holds two.
 */
public final class NetmakerVerticle extends AbstractVerticle {
    /** How many programs may run in containers at a time: fifteen joins that hang do not delay the next one. */
    public static final int COMMANDS_MAX = 16;

    private static final int WAITING_THREADS = 4;

    private final Bus bus;
    private final NetmakerOptions options;
    private final GuestAccess guests;
    private final MeshPolicy policy;
    private final MeshCommands commands = new MeshCommands();
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final ExecutorService threads;

    /** The handler of meshes; the policy says which containers are to be in one. */
    public NetmakerVerticle(Bus bus, NetmakerOptions options, GuestAccess guests, MeshPolicy policy) {
        this.bus = bus;
        this.options = options;
        this.guests = guests;
        this.policy = policy;
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(WAITING_THREADS, work -> {
            Thread thread = new Thread(work, "op-dbus-netmaker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What the rest of the agent may ask of the meshes of this host. */
    public MeshCommands commands() {
        return commands;
    }

    @Override
    public Completable rxStart() {
        Scheduler own = RxHelper.scheduler(Context.newInstance(context));
        Scheduler waiting = Schedulers.from(threads);
        return Single.fromCallable(() -> HostRecords.open(options.folder()))
                .subscribeOn(waiting)
                .observeOn(own)
                .flatMapCompletable(records -> Completable.fromAction(() -> begin(records, own, waiting)));
    }

    private void begin(HostRecords records, Scheduler own, Scheduler waiting) throws IOException {
        Means means =
                new Means(new LabelledMeshes(policy), guests, options.times(), own, bus::publish, commands::changed);
        MeshContainers containers =
                new MeshContainers(means, listener -> MeshWiring.of(options, means, records, waiting, listener));
        commands.start(containers, own, waiting);
        subscriptions.add(Disposable.fromAction(containers::end));
        subscriptions.add(bus.subscribeAll(containers::apply));
        if (!records.orphans().isEmpty() || !records.keys().isEmpty()) {
            containers.leftBehind();
        }
        containers.parts().edges().keys().ifPresent(keys -> subscriptions.add(keys.reportNetworks(waiting)));
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        threads.shutdown();
        return Completable.complete();
    }
}
