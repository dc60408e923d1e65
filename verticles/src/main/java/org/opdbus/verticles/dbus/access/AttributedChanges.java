// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.CallerEvent.ChangeRequested;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.service.ChangeRecord;
import org.opdbus.verticles.kernel.ProcessOrigin;

/**
 * Publishes each change that a caller asks for, with the process and the unit of the caller. Both come from the process that
 * made the connection. They stay empty if it cannot be read, or if the connection has ended, because its number can belong to
 * another process then.
 */
public final class AttributedChanges implements ChangeRecord {
    private static final long LIMIT_MS = 2_000;

    private final Vertx vertx;
    private final CallerIdentities identities;
    private final Bus facts;

    /** Creates an object for the connection of the identities. */
    public AttributedChanges(Vertx vertx, CallerIdentities identities, Bus facts) {
        this.vertx = vertx;
        this.identities = identities;
        this.facts = facts;
    }

    @Override
    public Completable requested(Caller caller, String operation, String target) {
        return Completable.defer(() -> Completable.fromCompletionStage(origin(caller)
                .onSuccess(origin -> facts.publish(new ChangeRequested(
                        operation,
                        target,
                        caller.uid(),
                        caller.pid(),
                        origin.process(),
                        origin.unit(),
                        caller.busName())))
                .toCompletionStage()));
    }

    private Future<ProcessOrigin> origin(Caller caller) {
        if (caller.pid() <= 0) {
            return Future.succeededFuture(ProcessOrigin.UNKNOWN);
        }
        return vertx.executeBlocking(() -> ProcessOrigin.of(caller.pid(), caller.uid()), false)
                .compose(origin ->
                        identities.isThere(caller.busName()).map(isThere -> isThere ? origin : ProcessOrigin.UNKNOWN))
                .timeout(LIMIT_MS, TimeUnit.MILLISECONDS)
                .otherwise(ProcessOrigin.UNKNOWN);
    }
}
