// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The sessions of browsers whose users have shown the token. They are few, end when they are not used and in any case after half a day,
 * and do not outlive the agent. Times are of {@link System#nanoTime}.
 */
public final class Sessions {
    static final int SESSIONS_MAX = 64;
    static final Duration IDLE = Duration.ofHours(2);
    static final Duration AGE = Duration.ofHours(12);
    private static final int ID_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<Digest, Session> open = new HashMap<>();
    /** Is in no map, so that no cookie finds it. */
    private final Session ofToken = new Session(Digest.of(""), 0);

    /** What a user may do until it ends. */
    public static final class Session {
        private final Digest id;
        private final long begun;
        private final Set<Runnable> uses = new HashSet<>();
        private long used;

        private Session(Digest id, long nowNs) {
            this.id = id;
            begun = nowNs;
            used = nowNs;
        }

        /** Something goes on by this session: it is not idle until {@link #release}, and its end runs this. */
        public void use(Runnable end) {
            uses.add(end);
        }

        /** What was said to go on has ended. */
        public void release(Runnable end, long nowNs) {
            if (uses.remove(end)) {
                used = nowNs;
            }
        }

        private boolean isOver(long nowNs) {
            return nowNs - begun >= AGE.toNanos() || (uses.isEmpty() && nowNs - used >= IDLE.toNanos());
        }
    }

    /** Begins a session, and returns its id, which is not kept. The one that is unused for longest ends if there are too many. */
    public String begin(long nowNs) {
        end(nowNs);
        if (open.size() >= SESSIONS_MAX) {
            open.values().stream()
                    .min(Comparator.comparing((Session each) -> !each.uses.isEmpty())
                            .thenComparing(each -> each.used - nowNs))
                    .ifPresent(this::end);
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Session session = new Session(Digest.of(id), nowNs);
        open.put(session.id, session);
        return id;
    }

    /** Returns the session of an id if it has not ended. This is a use of it. */
    public Optional<Session> find(String id, long nowNs) {
        Optional<Session> found = Optional.ofNullable(open.get(Digest.of(id)));
        if (found.filter(session -> session.isOver(nowNs)).isPresent()) {
            end(found.get());
            return Optional.empty();
        }
        found.ifPresent(session -> session.used = nowNs);
        return found;
    }

    /** Returns what stands for the session of those who show the token itself with each request. */
    public Session ofToken() {
        return ofToken;
    }

    /** Ends a session, and what goes on by it. */
    public void end(Session session) {
        open.remove(session.id);
        Set.copyOf(session.uses).forEach(Runnable::run);
        session.uses.clear();
    }

    /** Ends the sessions whose time is over, and returns how long the oldest of the others still has, in nanoseconds. */
    public OptionalLong end(long nowNs) {
        open.values().stream().filter(session -> session.isOver(nowNs)).toList().forEach(this::end);
        return open.values().stream()
                .mapToLong(session -> AGE.toNanos() - (nowNs - session.begun))
                .min();
    }

    /** Ends all of them, and what goes on because the token was shown. */
    public void endAll() {
        end(ofToken);
        Set.copyOf(open.values()).forEach(this::end);
    }
}
