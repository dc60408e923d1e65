// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.LiveFact;
import org.opdbus.verticles.cluster.wire.Message;

/**
 * The present run of each peer's agent. It recognises heads and facts that a later one has overtaken, and runs that
 * began before a known one. For use by one thread.
 */
final class PeerRuns {
    /** This many heads of an earlier run may arrive after the first one of the next run. */
    private static final int OVERTAKEN_MAX = 3;

    private final PeerWarnings warnings;
    private final Map<String, Run> runs = new HashMap<>();

    private static final class Run {
        private final long run;
        private long count;
        private long live;
        private long earlier;
        private long earlierHeads;

        private Run(long run) {
            this.run = run;
        }
    }

    PeerRuns(PeerWarnings warnings) {
        this.warnings = warnings;
    }

    /** Returns whether a head is newer than the others of its host; takes it as the newest then. */
    boolean isNews(Message.LedgerHead head) {
        Run known = runs.get(head.host());
        if (known == null || head.run() > known.run) {
            known = new Run(head.run());
            runs.put(head.host(), known);
        } else if (head.run() < known.run) {
            earlier(head, known);
            return false;
        }
        boolean isNews = head.count() > known.count;
        known.count = Math.max(known.count, head.count());
        return isNews;
    }

    private void earlier(Message.LedgerHead head, Run known) {
        if (head.count() <= known.earlier) {
            return;
        }
        known.earlier = head.count();
        known.earlierHeads++;
        if (known.earlierHeads > OVERTAKEN_MAX) {
            warnings.warn(
                    head.host(),
                    known.earlierHeads + " heads of " + head.host() + " were ignored, which are of a run of "
                            + Instant.ofEpochMilli(head.run()) + ": a run of " + Instant.ofEpochMilli(known.run)
                            + " is known; if its clock was set back or its /var/lib/op-dbus "
                            + "restored, correct the clock and restart its agent; if two hosts "
                            + "have that name, admit one of them under another");
        }
    }

    /** Returns the facts that were not received yet; each at most once, and none of an unknown run. */
    List<LiveFact> news(Message.LiveFacts live) {
        Run known = runs.get(live.host());
        if (known == null || known.run != live.run()) {
            return List.of();
        }
        long skipped = Math.min(
                Math.max(0, known.live + 1 - live.first()), live.facts().size());
        known.live = Math.max(known.live, live.first() + live.facts().size() - 1);
        return live.facts().subList((int) skipped, live.facts().size());
    }

    void forget(Set<String> hosts) {
        runs.keySet().removeAll(hosts);
    }
}
