// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.claims;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.opdbus.events.ClusterEvent.ContainerClaimedTwice;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.Wire;

/**
 * Finds containers that run on this host and on a peer at the same time. A single message of a peer only raises a
 * doubt. The peer is then asked whether the container runs there <em>now</em>. The agent reports the conflict only if
 * the peer says so, both hosts have received all messages of each other, and the container still runs here; once for
 * each pair, until one of the two has stopped. For use by one thread.
 *
 * <p>So the agent never reports a container that moves: when its former host is asked, it no longer runs there.
 */
public final class Claims {
    static final int IDS_AT_ONCE = 256;
    private static final long ASK_AGAIN_MS = 1_000;
    private static final long ASK_AGAIN_MAX_MS = 60_000;

    private final String self;
    private final Running here;
    private final Predicate<String> isCaughtUp;
    private final Map<String, Doubts> doubts = new TreeMap<>();
    private final Set<Pair> told = new HashSet<>();
    /** Begins somewhere, so that no answer to an earlier run fits. */
    private long questions = new SecureRandom().nextInt(Integer.MAX_VALUE);

    private record Pair(String id, String host) {}

    /** What one peer must be asked. */
    private static final class Doubts {
        private final Set<String> ids = new TreeSet<>();
        private long question;
        private List<String> asked = List.of();
        private long askAtMs = Long.MIN_VALUE;
        private int tries;
    }

    /**
     * Creates an empty set of claims.
     *
     * @param here the containers that run on this host
     * @param isCaughtUp whether this host has received everything that a peer is known to have sent
     */
    public Claims(String self, Running here, Predicate<String> isCaughtUp) {
        this.self = self;
        this.here = here;
        this.isCaughtUp = isCaughtUp;
    }

    /** A peer has appeared or returned: what both hosts did meanwhile is unknown. */
    public void up(String host) {
        here.ids().forEach(id -> doubt(host, id));
    }

    /** Processes an entry of a peer. */
    public void told(String host, String kind, String id) {
        switch (kind) {
            case "container.started" -> doubt(host, id);
            case "container.stopped", "container.removed" -> told.remove(new Pair(id, host));
            default -> {}
        }
    }

    private void doubt(String host, String id) {
        if (here.has(id) && (doubts.containsKey(host) || doubts.size() < Wire.HOSTS_MAX)) {
            Doubts open = doubts.computeIfAbsent(host, key -> new Doubts());
            if (open.ids.add(id)) {
                open.tries = 0;
                open.askAtMs = Long.MIN_VALUE;
            }
        }
    }

    /** Answers a peer from the present state. The question of the peer is a reason to ask it, too. */
    public Message.Claim answer(Message.AskClaim ask) {
        Map<String, Instant> running = new LinkedHashMap<>();
        ask.ids().stream()
                .limit(IDS_AT_ONCE)
                .forEach(id -> here.since(id).ifPresent(since -> {
                    running.put(id, since);
                    doubt(ask.host(), id);
                }));
        return new Message.Claim(self, ask.question(), isCaughtUp.test(ask.host()), running);
    }

    /**
     * Returns the questions that are due now, by the peer that must answer; the same question again only after a
     * growing pause.
     */
    public Map<String, Message.AskClaim> turn(long nowMs) {
        told.removeIf(pair -> !here.has(pair.id()));
        Map<String, Message.AskClaim> asks = new TreeMap<>();
        doubts.forEach((host, open) -> {
            open.ids.removeIf(id -> !here.has(id) || told.contains(new Pair(id, host)));
            if (!open.ids.isEmpty() && nowMs >= open.askAtMs && isCaughtUp.test(host)) {
                open.asked = open.ids.stream().limit(IDS_AT_ONCE).toList();
                open.question = ++questions;
                open.askAtMs = nowMs + Math.min(ASK_AGAIN_MS << Math.min(open.tries, 6), ASK_AGAIN_MAX_MS);
                open.tries++;
                asks.put(host, new Message.AskClaim(self, open.question, open.asked));
            }
        });
        doubts.values().removeIf(open -> open.ids.isEmpty());
        return asks;
    }

    /** Processes the answer of a peer; ignores it if it does not belong to the latest question. */
    public List<ContainerClaimedTwice> claim(Message.Claim claim, long nowMs) {
        List<ContainerClaimedTwice> facts = new ArrayList<>();
        Doubts open = doubts.get(claim.host());
        if (open == null || open.question == 0 || open.question != claim.question()) {
            return facts;
        }
        List<String> asked = open.asked;
        open.question = 0;
        open.tries = 0;
        boolean isSettled = claim.caughtUp() && isCaughtUp.test(claim.host());
        for (String id : asked) {
            Optional<Instant> there = Optional.ofNullable(claim.running().get(id));
            Optional<Instant> since = here.since(id);
            if (there.isEmpty() || since.isEmpty()) {
                open.ids.remove(id);
                told.remove(new Pair(id, claim.host()));
            } else if (isSettled) {
                open.ids.remove(id);
                if (told.add(new Pair(id, claim.host()))) {
                    facts.add(fact(id, claim.host(), since.get(), there.get()));
                }
            }
        }
        // The claims that had no room in the last question come next; unsettled claims wait a
        // little.
        open.askAtMs = isSettled ? nowMs : nowMs + ASK_AGAIN_MS;
        return facts;
    }

    private static ContainerClaimedTwice fact(String id, String host, Instant since, Instant there) {
        return new ContainerClaimedTwice(
                new ContainerId(id),
                host,
                since.toString(),
                there.toString(),
                "stop it on one of the two hosts; if they are two different containers, rename "
                        + "one, or set cluster.claims to false on both");
    }
}
