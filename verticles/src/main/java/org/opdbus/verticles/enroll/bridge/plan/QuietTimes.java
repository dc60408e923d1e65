// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AnswerEvent.QuietEnded;
import org.opdbus.events.Event;
import org.opdbus.verticles.view.HostView;

/**
 * The links on which another program may be at work, by name: the agent keeps its hands off a link without a port until a
 * quiet time has passed. Confined to one thread. There is one entry for each link on which something happened in the last
 * {@value #MEMORY_MS} ms and its quiet time.
 */
public final class QuietTimes {
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

    private @Nullable Scheduler clock;
    private final Consumer<String> over;
    private final Map<String, Quiet> quiet = new HashMap<>();

    private static final class Quiet {
        int removals;
        boolean holds;
        Disposable end = Disposable.disposed();
    }

    /** No quiet time yet; when one is over, a fact says so. */
    public static QuietTimes publishing(Consumer<Event> facts, HostView view) {
        return new QuietTimes(name -> view.linkNamed(name)
                .ifPresent(link ->
                        view.containersOf(link).forEach(id -> facts.accept(new QuietEnded(id, link.index())))));
    }

    /**
     * No quiet time yet.
     *
     * @param over is told the name of a link whose quiet time is over, on the clock
     */
    public QuietTimes(Consumer<String> over) {
        this.over = over;
    }

    /** Quiet times go by this clock from now on. */
    public void start(Scheduler clock) {
        this.clock = clock;
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
    public boolean holds(String name) {
        Quiet known = quiet.get(name);
        return known != null && known.holds;
    }

    private void hold(String name, Quiet held, long timeMs) {
        held.holds = true;
        held.end.dispose();
        held.end = after(timeMs, () -> end(name, held));
    }

    private void end(String name, Quiet held) {
        held.holds = false;
        held.end = after(MEMORY_MS, () -> quiet.remove(name, held));
        over.accept(name);
    }

    private Disposable after(long timeMs, Runnable work) {
        Scheduler started = clock;
        if (started == null) {
            throw new IllegalStateException("quiet times have no clock yet");
        }
        return started.scheduleDirect(work, timeMs, TimeUnit.MILLISECONDS);
    }

    /** Ends every quiet time without telling. */
    public void stop() {
        quiet.values().forEach(held -> held.end.dispose());
        quiet.clear();
    }
}
