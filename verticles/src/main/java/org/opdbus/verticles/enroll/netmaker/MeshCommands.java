// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.plan.MeshIntent;

/**
 * What the rest of the agent may ask of the meshes of this host. Every method may be called from any thread; the results
 * fail with {@link IllegalStateException} before the verticle has started.
 */
public final class MeshCommands {
    private final PublishProcessor<ContainerId> changes = PublishProcessor.create();
    private volatile @Nullable Started started;

    /** The containers, their own thread, and the threads that may wait. */
    private record Started(MeshContainers containers, Scheduler own, Scheduler waiting) {}

    MeshCommands() {}

    void start(MeshContainers containers, Scheduler own, Scheduler waiting) {
        started = new Started(containers, own, waiting);
    }

    void changed(ContainerId id) {
        changes.onNext(id);
    }

    /**
     * The containers that may stand otherwise with their meshes than before, each when that happens, on the verticle's own
     * thread, which a subscriber must not hold up.
     */
    public Flowable<ContainerId> changes() {
        return changes;
    }

    /** Begins anew with a container, because its configuration has changed. */
    public Completable recheck(ContainerId id) {
        return onContext(containers -> {
                    containers.recheck(id);
                    return true;
                })
                .ignoreElement();
    }

    /**
     * Takes a container out of its mesh, if it is in one: before it is destroyed, or when it is to be in no mesh any more. It
     * joins again only when it starts next or {@link #recheck} is called. What cannot be done now is done later. A host that
     * another container has, too, stays. The result does not fail, and takes no longer than the limit for leaving.
     *
     * @return whether nothing of the container is left on a server
     */
    public Single<Boolean> leave(ContainerId id) {
        return onContext(containers -> containers.leave(id))
                .flatMap(left -> left)
                .flatMap(gone -> onContext(containers -> {
                    if (!gone) {
                        containers.leftBehind();
                    }
                    return gone;
                }));
    }

    /**
     * Makes sure that there is a token for this intent, or that a key could be created. Reads files; asks no server.
     *
     * @return fails with {@link NetmakerException}
     */
    public Completable check(MeshIntent intent) {
        return Completable.defer(() -> {
            Started now = started();
            return Completable.fromAction(
                            () -> now.containers().parts().edges().tokens().check(intent))
                    .subscribeOn(now.waiting());
        });
    }

    /** How every running container that is to be in a mesh stands with it. */
    public Single<List<MeshStatus>> status() {
        return onContext(MeshContainers::status);
    }

    /** The hosts that are left behind on servers, by the container that each was. */
    public Single<Map<ContainerId, List<String>>> leftBehind() {
        return onContext(containers -> containers.parts().edges().records().orphans().stream()
                .collect(Collectors.groupingBy(
                        MeshHost::container,
                        Collectors.mapping(host -> host.hostId() + " on " + host.server(), Collectors.toList()))));
    }

    private <T> Single<T> onContext(Function<MeshContainers, T> work) {
        return Single.defer(() -> {
            Started now = started();
            Callable<T> applied = () -> work.apply(now.containers());
            return Single.fromCallable(applied).subscribeOn(now.own());
        });
    }

    private Started started() {
        Started now = started;
        if (now == null) {
            throw new IllegalStateException("the Netmaker verticle has not started");
        }
        return now;
    }
}
