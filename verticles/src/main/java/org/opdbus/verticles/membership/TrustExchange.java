// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.TaskThread;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;
import org.opdbus.verticles.membership.trust.TrustBundle;

/**
 * Carries the trust bundle between members, in one session. Each sends its own when it starts, when it changes, and when a joining
 * member may have an older one. A member that receives a newer one stores it; a member that receives an older one
 * sends its own, unless another member did so first. For the cluster's thread.
 */
final class TrustExchange {
    private static final long ANSWER_SPREAD_MS = 500;

    private final Consumer<String> publish;
    private final TaskThread thread;
    private final Supplier<SignedTrustBundle> own;
    private final Consumer<SignedTrustBundle> newer;
    private final RateLimitedLog warnings;
    private long heard;

    /**
     * Creates an exchange that has said nothing yet.
     *
     * @param publish shows a trust bundle to all members
     * @param newer receives a valid one that is newer than this host's own
     * @param warnings logs what is not valid
     */
    TrustExchange(
            Consumer<String> publish,
            TaskThread thread,
            Supplier<SignedTrustBundle> own,
            Consumer<SignedTrustBundle> newer,
            RateLimitedLog warnings) {
        this.publish = publish;
        this.thread = thread;
        this.own = own;
        this.newer = newer;
        this.warnings = warnings;
    }

    void tell() {
        heard = own.get().content().version();
        publish.accept(own.get().text());
    }

    /** Sends it after a moment, unless the same or a newer one arrives first. */
    void tellSoon() {
        heard = 0;
        thread.once("tell trust", ThreadLocalRandom.current().nextLong(ANSWER_SPREAD_MS) + 1, () -> {
            if (heard < own.get().content().version()) {
                tell();
            }
        });
    }

    /** Processes what another member shows. */
    void hear(String text) {
        if (text.length() > SignedTrustBundle.LENGTH_MAX) {
            ignored("it is longer than " + SignedTrustBundle.LENGTH_MAX + " characters");
            return;
        }
        TrustBundle known = own.get().content();
        try {
            SignedTrustBundle offered = SignedTrustBundle.verified(text, known.authorities());
            long version = offered.content().version();
            heard = Math.max(heard, version);
            if (version > known.version()) {
                newer.accept(offered);
            } else if (version < known.version()) {
                tellSoon();
            }
        } catch (MembershipException e) {
            ignored(e.getMessage());
        }
    }

    private void ignored(@Nullable String reason) {
        warnings.warn("trust", "cluster: a trust bundle of {} is not valid and is ignored: {}", "a member", reason);
    }
}
