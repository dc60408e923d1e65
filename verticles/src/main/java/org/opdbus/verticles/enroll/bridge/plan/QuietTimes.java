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
 * The links on which another program may be at work, by name. The agent does not change such a link while it has no port,
 * until a quiet time has passed. Confined to one thread. This keeps one entry for each link from the event until
 * {@value #MEMORY_MS} ms after the end of its quiet time.
 */
public final class QuietTimes {
    /** The quiet time after a first removal; each further removal doubles it. */
    static final long FIRST_MS = 500;

    /** The longest quiet time. */
    static final long LONGEST_MS = 10_000;

    /**
     * The quiet time of a link that Proxmox manages. Proxmox removes a port, works for up to a few seconds, and adds it again
     * (PVE::LXC, {@code update_net}). This quiet time is well above that.
     */
    static final long MANAGED_MS = 10_000;

    /** A removal within this time after a quiet time counts as a further removal. */
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

    /** Creates quiet times that publish a fact at the end of each quiet time. */
    public static QuietTimes publishing(Consumer<Event> facts, HostView view) {
        return new QuietTimes(name -> view.linkNamed(name)
                .ifPresent(link ->
                        view.containersOf(link).forEach(id -> facts.accept(new QuietEnded(id, link.index())))));
    }

    /**
     * Creates an empty set of quiet times.
     *
     * @param over receives the name of each link whose quiet time is over, on the clock's thread
     */
    public QuietTimes(Consumer<String> over) {
        this.over = over;
    }

    /** Uses this clock from now on. */
    public void start(Scheduler clock) {
        this.clock = clock;
    }

    /** Begins a quiet time because another program has removed the port of this link. */
    void removed(String name) {
        Quiet known = quiet.computeIfAbsent(name, key -> new Quiet());
        long full = Math.min(LONGEST_MS, FIRST_MS << Math.min(DOUBLINGS_MAX, known.removals));
        known.removals++;
        hold(name, known, full);
    }

    /** Begins a quiet time because Proxmox, which manages this link, may be at work on it. */
    void managed(String name) {
        hold(name, quiet.computeIfAbsent(name, key -> new Quiet()), MANAGED_MS);
    }

    /** Forgets what happened to the link with this name, because another link has the name now. */
    void forget(String name) {
        Quiet known = quiet.remove(name);
        if (known != null) {
            known.end.dispose();
        }
    }

    /** Returns whether the agent must leave the link alone. */
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

    /** Ends every quiet time without calling the listener. */
    public void stop() {
        quiet.values().forEach(held -> held.end.dispose());
        quiet.clear();
    }
}
