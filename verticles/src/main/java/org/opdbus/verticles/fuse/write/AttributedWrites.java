// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.write;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.CallerEvent.ChangeRequested;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.fuse.tree.WritableFile.Writer;
import org.opdbus.verticles.kernel.ProcessOrigin;

/** Publishes each change that a writer asks for, with the process that writes. It still runs, because its write(2) waits. */
public final class AttributedWrites implements Writes.Attribution {
    private static final long LIMIT_MS = 2_000;

    private final Vertx vertx;
    private final Bus facts;

    /** Creates an object that publishes on this bus. */
    public AttributedWrites(Vertx vertx, Bus facts) {
        this.vertx = vertx;
        this.facts = facts;
    }

    @Override
    public Completable requested(Writer writer, String operation, String target) {
        return Completable.defer(() -> Completable.fromCompletionStage(origin(writer)
                .onSuccess(origin -> facts.publish(new ChangeRequested(
                        operation, target, writer.uid(), writer.pid(), origin.process(), origin.unit(), "")))
                .toCompletionStage()));
    }

    private Future<ProcessOrigin> origin(Writer writer) {
        return writer.pid() <= 0
                ? Future.succeededFuture(ProcessOrigin.UNKNOWN)
                : vertx.executeBlocking(() -> ProcessOrigin.of(writer.pid(), writer.uid()), false)
                        .timeout(LIMIT_MS, TimeUnit.MILLISECONDS)
                        .otherwise(ProcessOrigin.UNKNOWN);
    }
}
