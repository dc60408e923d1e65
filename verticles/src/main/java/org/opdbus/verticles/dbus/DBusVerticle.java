// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import io.vertx.rxjava3.core.AbstractVerticle;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.RxHelper;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.dbus.service.CallerRights;
import org.opdbus.verticles.dbus.service.ChangeRecord;
import org.opdbus.verticles.dbus.service.Dispatcher;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.service.ObjectTree;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection to the bus, and serves the faces on it. When there is no bus, or it goes, the agent says so once and tries
 * again with growing delays; nothing else waits for it.
 */
public final class DBusVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(DBusVerticle.class);
    private static final Backoff BACKOFF = new Backoff(250, 15_000);

    private final DBusOptions options;
    private final Parts parts;
    private List<Face> served = List.of();
    private @Nullable ObjectTree tree;
    private @Nullable Scheduler loop;
    private Optional<ServedConnection> open = Optional.empty();
    private int failures;
    private boolean isStopping;
    private Disposable waiting = Disposable.disposed();

    /**
     * Who guards the calls of one connection.
     *
     * @param rights who may call what
     * @param record puts changes on record
     */
    public record Guards(CallerRights rights, ChangeRecord record) {}

    /** Makes what is joined to the connection. Called on its event loop. */
    public interface Parts {
        /** Subscribes what must hear every fact: called first, before the agent's sources begin. */
        default void listen() {}

        /** Returns when to begin, which is at once if it does not say: what is served must not delay the agent's own start. */
        default Completable ready(Scheduler loop) {
            return Completable.complete();
        }

        /** Returns what is served; called once, first. */
        List<Face> faces(Vertx vertx, Scheduler loop);

        /** Returns who guards the calls of a connection; called for each. */
        Guards guards(BusConnection connection);
    }

    /** Creates the server. It starts when it is deployed. */
    public DBusVerticle(DBusOptions options, Parts parts) {
        this.options = options;
        this.parts = parts;
    }

    /** Begins when the agent is ready, and does not wait for that. */
    @Override
    public Completable rxStart() {
        Scheduler scheduler = RxHelper.scheduler(Context.newInstance(context));
        loop = scheduler;
        parts.listen();
        waiting = parts.ready(scheduler).subscribe(() -> begin(scheduler), failure -> begin(scheduler));
        return Completable.complete();
    }

    private void begin(Scheduler scheduler) {
        served = parts.faces(core(), scheduler);
        tree = new ObjectTree(
                served.stream().flatMap(face -> face.alone().stream()).toList(),
                served.stream().flatMap(face -> face.managed().stream()).toList());
        connect();
    }

    private void connect() {
        ServedConnection next = new ServedConnection(served, this::ended);
        BusConnection.open(core(), options.socket(), next)
                .onSuccess(connection -> connected(next, connection))
                .onFailure(failure -> ended(String.valueOf(failure.getMessage())));
    }

    private void connected(ServedConnection next, BusConnection connection) {
        if (isStopping) {
            connection.close();
            return;
        }
        LOG.info("dbus=connected: {} as {}", options.address(), connection.uniqueName());
        failures = 0;
        open = Optional.of(next);
        Guards made = parts.guards(connection);
        Scheduler scheduler = loop;
        ObjectTree objects = tree;
        if (scheduler != null && objects != null) {
            next.begin(connection, new Dispatcher(objects, made.rights(), made.record(), scheduler));
        }
    }

    private void ended(String why) {
        open = Optional.empty();
        if (isStopping) {
            return;
        }
        failures++;
        if (failures == 1) {
            LOG.warn(
                    "dbus=absent: {}: {}; the agent tries again, and everything else goes on without it",
                    options.address(),
                    why);
        }
        core().setTimer(BACKOFF.delayMs(failures), now -> {
            if (!isStopping) {
                connect();
            }
        });
    }

    private Vertx core() {
        return vertx.getDelegate();
    }

    /** Leaves the bus. */
    @Override
    public Completable rxStop() {
        isStopping = true;
        waiting.dispose();
        open.ifPresent(ServedConnection::close);
        served.forEach(Face::dispose);
        return Completable.complete();
    }
}
