// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The links on which another program may be at work, by name: the agent keeps its hands off a link without a port until a
 * quiet time has passed. Confined to one thread. There is one entry for each link on which something happened in the last
 * {@value #MEMORY_MS} ms and its quiet time.
 */
final class QuietTimes {
    /** The quiet time after a first removal; each further one doubles it. */
    static final long FIRST_MS = 500;

    /** The longest quiet time. */
    static final long LONGEST_MS = 10_000;

    /**
     * The quiet time of a link that Proxmox manages. Proxmox removes a port, works for up to a few seconds, and adds it again
     * (PVE::LXC, {@code update_net}); this is well above.
     */
    static final long MANAGED_MS = 10_000;

    /** A removal within this time after a quiet time counts as a further one. */
    private static final long MEMORY_MS = 10_000;

    private static final int DOUBLINGS_MAX = 10;

    private final Scheduler clock;
    private final Consumer<String> over;
    private final Map<String, Quiet> quiet = new HashMap<>();

    private static final class Quiet {
        int removals;
        boolean holds;
        Disposable end = Disposable.disposed();
    }

    /**
     * Quiet times by this clock.
     *
     * @param over is told the name of a link whose quiet time is over, on the clock
     */
    QuietTimes(Scheduler clock, Consumer<String> over) {
        this.clock = clock;
        this.over = over;
    }

    /** Another program has removed the port of this link. */
    void removed(String name) {
        Quiet known = quiet.computeIfAbsent(name, key -> new Quiet());
        long full = Math.min(LONGEST_MS, FIRST_MS << Math.min(DOUBLINGS_MAX, known.removals));
        known.removals++;
        hold(name, known, full);
    }

    /** Proxmox, which manages this link, may be at work on it. */
    void managed(String name) {
        hold(name, quiet.computeIfAbsent(name, key -> new Quiet()), MANAGED_MS);
    }

    /** The link of this name is another one now: nothing that happened to the former one counts. */
    void forget(String name) {
        Quiet known = quiet.remove(name);
        if (known != null) {
            known.end.dispose();
        }
    }

    /** Whether the link is to be left alone. */
    boolean holds(String name) {
        Quiet known = quiet.get(name);
        return known != null && known.holds;
    }

    private void hold(String name, Quiet held, long timeMs) {
        held.holds = true;
        held.end.dispose();
        held.end = clock.scheduleDirect(() -> end(name, held), timeMs, TimeUnit.MILLISECONDS);
    }

    private void end(String name, Quiet held) {
        held.holds = false;
        held.end = clock.scheduleDirect(() -> quiet.remove(name, held), MEMORY_MS, TimeUnit.MILLISECONDS);
        over.accept(name);
    }

    /** Ends every quiet time without telling. */
    void stop() {
        quiet.values().forEach(held -> held.end.dispose());
        quiet.clear();
    }
}
