// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.events.MeshEvent;
import org.opdbus.verticles.bus.Bus;

/** Keeps the inventory up to date, as its only writer. The agent must deploy it before the sources. */
public final class InventoryVerticle extends AbstractVerticle {
    private final Bus bus;
    private final LiveInventory live;
    private final InventorySources sources;
    private final ContainerFold containers;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private volatile @Nullable Scheduler scheduler;

    /** Creates the writer of this inventory. */
    public InventoryVerticle(Bus bus, LiveInventory live, InventorySources sources) {
        this.bus = bus;
        this.live = live;
        this.sources = sources;
        containers = new ContainerFold(live, sources.wanted(), Clock.systemUTC());
    }

    @Override
    public Completable rxStart() {
        Scheduler own = RxHelper.scheduler(Context.newInstance(context));
        InventoryFold facts = new InventoryFold(live, Clock.systemUTC());
        MeshQuestion question = new MeshQuestion(sources.meshes(), containers::meshes, own);
        subscriptions.add(bus.subscribeAll(event -> {
            facts.apply(event);
            if (event instanceof MeshEvent) {
                question.want();
            }
        }));
        subscriptions.add(sources.containers().subscribe(containers::looked));
        subscriptions.add(sources.meshChanges()
                .onBackpressureLatest()
                .observeOn(own, false, 1)
                .subscribe(change -> question.want()));
        subscriptions.add(sources.peers().subscribe(this::peers));
        subscriptions.add(sources.labs().subscribe(this::labs));
        subscriptions.add(Disposable.fromAction(question::stop));
        question.start();
        scheduler = own;
        return Completable.complete();
    }

    private void peers(List<Peer> all) {
        live.update(now -> now.withPeers(exactly(all, Peer::host, now.peers())));
    }

    private void labs(List<KnownLab> all) {
        live.update(now -> now.withLabs(exactly(all, KnownLab::name, now.labs())));
    }

    /** Returns a map of exactly these values, which shares what has not changed with the earlier one. */
    private static <V> SnapshotMap<String, V> exactly(
            List<V> all, Function<V, String> name, SnapshotMap<String, V> earlier) {
        SnapshotMap<String, V> next = earlier;
        Set<String> names = all.stream().map(name).collect(Collectors.toSet());
        for (String known : earlier.keys()) {
            if (!names.contains(known)) {
                next = next.without(known);
            }
        }
        for (V each : all) {
            next = next.with(name.apply(each), each);
        }
        return next;
    }

    /**
     * Returns an inventory with everything that the agent knew at the time of this call. {@link LiveInventory#current} can be a
     * moment older, which is wrong for a program that has received an event and then asks. May be called from any thread. Fails
     * if the router or the mesh handlers have not been started.
     */
    public Single<Inventory> fresh() {
        return Single.defer(() -> {
            Scheduler own = scheduler;
            if (own == null) {
                return Single.error(new IllegalStateException("the inventory has not been started"));
            }
            // Facts that were on their way on the bus have arrived once this context runs the next task.
            Completable heard = Completable.complete().subscribeOn(own);
            Single<Map<ContainerId, MeshMembership>> meshes =
                    sources.meshes().get().observeOn(own).doOnSuccess(containers::meshes);
            return Completable.mergeArray(heard, sources.told(), meshes.ignoreElement())
                    .andThen(Single.fromCallable(live::current));
        });
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        return Completable.complete();
    }
}
