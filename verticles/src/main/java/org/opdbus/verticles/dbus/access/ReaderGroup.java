// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.UserGroups;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group whose members may read. Its number is looked up once, before the first answer; a group that is made later counts
 * after the agent is started again. If there is none, or it cannot be looked up, no caller is a member.
 */
public final class ReaderGroup {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderGroup.class);
    private static final long LIMIT_S = 10;

    private final Vertx vertx;
    private final String name;
    private @Nullable Future<OptionalLong> number;

    /** Creates an object that looks nothing up yet. */
    public ReaderGroup(Vertx vertx, String name) {
        this.vertx = vertx;
        this.name = name;
    }

    /** Returns the name, for messages. */
    String name() {
        return name;
    }

    /** Returns whether a caller is a member; never fails. */
    Future<Boolean> includes(CallerIdentity caller) {
        Future<OptionalLong> known = number;
        if (known == null) {
            known = lookUp();
            number = known;
        }
        return known.map(group -> group.isPresent() && caller.groups().contains(group.getAsLong()));
    }

    private Future<OptionalLong> lookUp() {
        return vertx.executeBlocking(() -> UserGroups.numberOf(name), false)
                .timeout(LIMIT_S, TimeUnit.SECONDS)
                .onSuccess(found -> {
                    if (found.isEmpty()) {
                        LOG.info("dbus=no-readers reason=\"there is no group {}\"", name);
                    }
                })
                .recover(failure -> {
                    LOG.warn("dbus=no-readers reason=\"cannot look the group {} up: {}\"", name, failure.getMessage());
                    return Future.succeededFuture(OptionalLong.empty());
                });
    }
}
