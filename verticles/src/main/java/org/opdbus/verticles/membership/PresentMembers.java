// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableEmitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.TaskThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members that are there now, and the subscribers that hear of each change. Any thread may call {@link #events} and
 * {@link #members}; everything else is for the cluster's thread, on which the events are emitted, too.
 */
final class PresentMembers {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int EVENTS_MAX = 4096;

    private final TaskThread thread;
    private final Set<FlowableEmitter<MembershipEvent>> listeners = new HashSet<>();
    private final Map<String, Member> present = new HashMap<>();
    private volatile List<Member> members = List.of();
    private @Nullable ClusterSession session;

    PresentMembers(TaskThread thread) {
        this.thread = thread;
    }

    /** Emits the events; see {@link Membership#events}. */
    Flowable<MembershipEvent> events() {
        return Flowable.<MembershipEvent>create(
                        emitter -> {
                            if (!thread.run(() -> listen(emitter))) {
                                emitter.onComplete();
                            }
                        },
                        BackpressureStrategy.MISSING)
                .onBackpressureBuffer(EVENTS_MAX);
    }

    /** Returns the present members, this host first; none while this host itself does not take part. */
    List<Member> members() {
        return members;
    }

    private void listen(FlowableEmitter<MembershipEvent> emitter) {
        emitter.setCancellable(() -> thread.run(() -> listeners.remove(emitter)));
        listeners.add(emitter);
        ClusterSession open = session;
        if (open != null) {
            emitter.onNext(new MembershipEvent.Up(open));
            present.values().forEach(member -> emitter.onNext(new MembershipEvent.Joined(member)));
        }
    }

    /** This host takes part from now on, by this session; the other members are not known yet. */
    void up(ClusterSession opened) {
        session = opened;
        members = List.of(opened.self());
        tell(new MembershipEvent.Up(opened));
    }

    /** This host no longer takes part. */
    void down(String reason) {
        session = null;
        members = List.of();
        present.clear();
        tell(new MembershipEvent.Down(reason));
    }

    /**
     * Sets the other members that are there now, by the ids of their runs; returns whether one has come. Call it only
     * while this host takes part.
     */
    boolean set(Member self, Map<String, Member> now) {
        List<Member> gone = without(present, now);
        List<Member> come = without(now, present);
        present.clear();
        present.putAll(now);
        List<Member> all = new ArrayList<>(List.of(self));
        all.addAll(now.values());
        members = List.copyOf(all);
        for (Member member : gone) {
            LOG.info("cluster.left host={}", member.host());
            tell(new MembershipEvent.Left(member));
        }
        for (Member member : come) {
            LOG.info("cluster.joined host={} bus={}", member.host(), member.bus());
            tell(new MembershipEvent.Joined(member));
        }
        return !come.isEmpty();
    }

    private static List<Member> without(Map<String, Member> all, Map<String, Member> others) {
        return all.entrySet().stream()
                .filter(entry -> !others.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void tell(MembershipEvent event) {
        Set.copyOf(listeners).forEach(listener -> listener.onNext(event));
    }

    /** Completes the subscribers. */
    void end() {
        listeners.forEach(FlowableEmitter::onComplete);
        listeners.clear();
    }
}
