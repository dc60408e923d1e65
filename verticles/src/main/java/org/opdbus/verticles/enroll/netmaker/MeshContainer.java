// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.disposables.Disposable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.plan.MeshFold;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation;
import org.opdbus.verticles.enroll.netmaker.plan.MeshState;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTransition;
import org.opdbus.verticles.kernel.GuestRoot;

/**
 * One container: its process, its state, and the check that is under way. It alone changes its state. Belongs to one thread.
 */
final class MeshContainer {
    private final ContainerId id;
    private final Consumer<ContainerId> changed;
    private long initPid;
    private long watchedPid;
    private Optional<Path> rootfs = Optional.empty();
    private boolean leaving;
    private boolean again;
    private MeshState state = MeshState.fresh(0);
    private Disposable check = Disposable.disposed();
    private Disposable timer = Disposable.disposed();
    private Disposable settling = Disposable.disposed();

    /**
     * A container of which nothing is known.
     *
     * @param changed called after each change of its state
     */
    MeshContainer(ContainerId id, Consumer<ContainerId> changed) {
        this.id = id;
        this.changed = changed;
    }

    ContainerId id() {
        return id;
    }

    long initPid() {
        return initPid;
    }

    boolean runs() {
        return initPid != 0;
    }

    MeshState state() {
        return state;
    }

    MeshStatus status() {
        return new MeshStatus(id, state.phase(), state.counts().joins(), state.why(), state.remedy(), state.nodes());
    }

    /** The root folder of its files, if the agent can reach them. */
    Optional<Path> root() {
        return runs() ? Optional.of(GuestRoot.pathOf(initPid)) : rootfs;
    }

    /** Whether this start is news. A source that lists anew publishes it again. */
    boolean start(ContainerStarted started, Optional<Path> folder, long nowMs) {
        if (initPid == started.initPid()) {
            return false;
        }
        begin(nowMs);
        initPid = started.initPid();
        rootfs = folder;
        changed.accept(id);
        return true;
    }

    void stop(long nowMs) {
        cancel();
        initPid = 0;
        watchedPid = 0;
        state = MeshState.fresh(nowMs);
        changed.accept(id);
    }

    /** Begins anew: it has just started, or its configuration has changed. */
    void begin(long nowMs) {
        cancel();
        leaving = false;
        state = MeshState.fresh(nowMs);
        changed.accept(id);
    }

    /** It is to leave its mesh: no check follows until {@link #begin}. */
    void leave() {
        cancel();
        leaving = true;
        watchedPid = 0;
    }

    /** Changes the state by what a check has observed. */
    MeshTransition apply(MeshObservation observation, MeshFold fold, long nowMs) {
        MeshTransition transition = fold.apply(id, state, observation, nowMs);
        state = transition.next();
        changed.accept(id);
        return transition;
    }

    /** Whether a check may begin now. If one is under way, another follows it. */
    boolean mayCheck() {
        if (!runs() || leaving) {
            return false;
        }
        if (!check.isDisposed()) {
            again = true;
            return false;
        }
        return true;
    }

    /** Whether its links are not watched yet; from now on they are. */
    boolean beginsWatch() {
        boolean begins = watchedPid != initPid;
        watchedPid = initPid;
        return begins;
    }

    /** Ends the wait for the next check, because it begins. */
    void checkBegins() {
        timer.dispose();
        again = false;
    }

    void checking(Disposable underWay) {
        check = underWay;
    }

    /** The delay until the next check: none if something has happened during the last one. */
    long delayMs(long againMs) {
        return again ? 1 : againMs;
    }

    void waiting(Disposable next) {
        timer.dispose();
        timer = next;
    }

    boolean isSettling() {
        return !settling.isDisposed();
    }

    void settling(Disposable settles) {
        settling = settles;
    }

    /** Ends what is under way. */
    void cancel() {
        again = false;
        check.dispose();
        timer.dispose();
        settling.dispose();
    }
}
