// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.state.LiveContainer.Phase;

/** Waits for what the enrolling code and that of meshes do, for a limited time. Any thread may use it. */
final class EnrollmentWait {
    /** The cause of a refusal may be about to disappear, such as the port of a container that was destroyed. */
    private static final Duration REFUSAL_STANDS = Duration.ofSeconds(3);

    /** The agent may try to join for two minutes, and the node may appear two minutes later. */
    private static final Duration MESH_LIMIT = Duration.ofMinutes(5);

    private final EnrollmentWork enrollment;
    private final MeshWork mesh;
    private final ApplyProgress progress;
    private final Duration limit;

    EnrollmentWait(EnrollmentWork enrollment, MeshWork mesh, ApplyProgress progress, Duration limit) {
        this.enrollment = enrollment;
        this.mesh = mesh;
        this.progress = progress;
        this.limit = limit;
    }

    /** Fails if there is no such bridge; an empty name stands for none. */
    Completable requireBridge(String bridge) {
        if (bridge.isEmpty()) {
            return Completable.complete();
        }
        return enrollment.bridges().flatMapCompletable(bridges -> {
            if (bridges.isEmpty()) {
                return Completable.error(new StepFailure(
                        "bridge", "Open vSwitch's database cannot be reached", "see that ovsdb-server runs"));
            }
            return bridges.get().contains(bridge)
                    ? Completable.complete()
                    : Completable.error(new StepFailure(
                            "bridge",
                            "Open vSwitch has no bridge " + bridge,
                            "create it (ovs-vsctl add-br " + bridge + "), or name another one"));
        });
    }

    /**
     * Waits until a container has a status; fails after the limit with what was seen last. A refusal must stand for a moment, because
     * its cause may be about to disappear.
     */
    Single<LiveContainer> until(ContainerId id, String step, Predicate<LiveContainer> reached) {
        AtomicReference<String> seen = new AtomicReference<>("the agent has not reported its status " + "yet");
        return enrollment
                .watch(id)
                .doOnNext(live -> seen.set(ApplyLines.standing(live)))
                .switchMapSingle(live -> {
                    if (!reached.test(live)) {
                        return Single.never();
                    }
                    Single<LiveContainer> answer = Single.just(live);
                    return live.phase() == Phase.REFUSED
                            ? answer.delay(REFUSAL_STANDS.toMillis(), TimeUnit.MILLISECONDS)
                            : answer;
                })
                .firstOrError()
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .onErrorResumeNext(failure -> Single.error(
                        failure instanceof TimeoutException
                                ? new StepFailure(
                                        step,
                                        "not as wanted after " + limit.toSeconds() + " s: " + seen.get(),
                                        "the agent continues; \"op-dbus query\" shows the status")
                                : failure));
    }

    /**
     * Waits until the container is in its mesh, if it must be in one.
     *
     * @param named what the state file calls it
     */
    Completable joinMesh(ContainerId id, ContainerId named, boolean wanted) {
        if (!wanted) {
            return Completable.complete();
        }
        AtomicReference<String> seen = new AtomicReference<>("the agent has not reported its status " + "yet");
        return mesh.watch(id)
                .doOnNext(standing -> seen.set(standing.phase() + ": " + standing.why()))
                .filter(standing -> standing.joined() || standing.isStuck())
                .firstOrError()
                .timeout(MESH_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onErrorResumeNext(failure -> Single.error(
                        failure instanceof TimeoutException
                                ? new StepFailure(
                                        "join",
                                        "not in its mesh after " + MESH_LIMIT.toSeconds() + " s: " + seen.get(),
                                        "the agent continues; \"op-dbus query\" shows the status")
                                : failure))
                .flatMapCompletable(standing -> standing.isStuck()
                        ? Completable.error(new StepFailure("join", standing.why(), standing.remedy()))
                        : Completable.fromAction(() -> progress.done("Container " + named + " joined netmaker")));
    }

    /** Removes the container from its mesh while it still runs, if it is in one. */
    Completable leaveMesh(ContainerId id) {
        return mesh.leave(id)
                .flatMapCompletable(gone -> Completable.fromAction(() -> {
                    if (!gone) {
                        progress.note("container " + id
                                + " is still known to the server of its mesh; the agent "
                                + "tries to remove it until it succeeds");
                    }
                }));
    }
}
