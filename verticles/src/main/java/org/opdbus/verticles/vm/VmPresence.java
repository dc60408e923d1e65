// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.edges.ContainerCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the reconciler's second look by the processes that run now. A machine counts as running if a process of qemu that
 * holds taps of this network namespace can have its id. Questions that wait together share one look. The answer comes on a
 * thread that exists only while there are questions; {@link ContainerCheck.Presence#UNKNOWN} if it fails or takes too long.
 */
public final class VmPresence implements ContainerCheck {
    private static final Logger LOG = LoggerFactory.getLogger(VmPresence.class);
    private static final long ANSWER_MS = 5_000;
    private static final long IDLE_MS = 1_000;

    private final Callable<Set<ContainerId>> look;
    private final Scheduler scheduler;
    /** The look that has not begun yet. */
    private @Nullable Single<Set<ContainerId>> next;

    public VmPresence() {
        this(() -> ids(new QemuProcesses()));
    }

    /** Creates one that looks in another way: a look returns the possible ids of all machines that run. */
    VmPresence(Callable<Set<ContainerId>> look) {
        this.look = look;
        scheduler = Schedulers.from(
                new ThreadPoolExecutor(0, 1, IDLE_MS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread questioner = new Thread(task, "op-dbus-vm-question");
                    questioner.setDaemon(true);
                    return questioner;
                }));
    }

    private static Set<ContainerId> ids(QemuProcesses processes) throws IOException {
        Set<ContainerId> ids = new HashSet<>();
        processes.scan(Set.of()).forEach(process -> ids.addAll(MachineIds.of(process)));
        return ids;
    }

    @Override
    public Single<Presence> presence(ContainerId machine) {
        return Single.defer(this::next)
                .map(running -> running.contains(machine) ? Presence.RUNNING : Presence.GONE)
                .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                .onErrorReturn(failure -> {
                    LOG.warn("cannot look whether machine={} runs: {}", machine, failure.getMessage());
                    return Presence.UNKNOWN;
                });
    }

    private synchronized Single<Set<ContainerId>> next() {
        Single<Set<ContainerId>> waiting = next;
        if (waiting == null) {
            waiting = Single.fromCallable(this::look).subscribeOn(scheduler).cache();
            next = waiting;
        }
        return waiting;
    }

    private Set<ContainerId> look() throws Exception {
        // What is asked from now on may be about a later state.
        synchronized (this) {
            next = null;
        }
        return look.call();
    }
}
