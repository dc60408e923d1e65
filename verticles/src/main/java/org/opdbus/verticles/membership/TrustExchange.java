// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;
import org.opdbus.verticles.membership.trust.TrustBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the roster between members. Each tells its own when it comes up, when it changes, and when somebody who joins
 * may have an older one; who hears a newer one takes it, and who hears an older one tells its own, unless somebody else
 * did so first.
 */
final class TrustExchange {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final String ADDRESS = "op-dbus.cluster.roster";
    private static final long ANSWER_SPREAD_MS = 500;

    private final EventBus bus;
    private final ClusterThread thread;
    private final Supplier<SignedTrustBundle> own;
    private final Consumer<SignedTrustBundle> newer;
    private long heard;

    TrustExchange(
            Vertx vertx, ClusterThread thread, Supplier<SignedTrustBundle> own, Consumer<SignedTrustBundle> newer) {
        this.bus = vertx.eventBus();
        this.thread = thread;
        this.own = own;
        this.newer = newer;
        bus.<String>consumer(ADDRESS, message -> {
            String text = message.body();
            thread.run(() -> hear(text));
        });
    }

    void tell() {
        heard = own.get().roster().version();
        bus.publish(ADDRESS, own.get().text());
    }

    /** Tells it after a moment, unless the same or a newer one is heard before. */
    void tellSoon() {
        heard = 0;
        thread.once("tell roster", ThreadLocalRandom.current().nextLong(ANSWER_SPREAD_MS) + 1, () -> {
            if (heard < own.get().roster().version()) {
                tell();
            }
        });
    }

    private void hear(String text) {
        if (text.length() > SignedTrustBundle.LENGTH_MAX) {
            LOG.warn("cluster: a roster of {} characters was not read", text.length());
            return;
        }
        TrustBundle known = own.get().roster();
        try {
            SignedTrustBundle offered = SignedTrustBundle.verified(text, known.authorities());
            long version = offered.roster().version();
            heard = Math.max(heard, version);
            if (version > known.version()) {
                newer.accept(offered);
            } else if (version < known.version()) {
                tellSoon();
            }
        } catch (MembershipException e) {
            LOG.warn("cluster: a roster that a member sent is not used: {}", e.getMessage());
        }
    }
}
