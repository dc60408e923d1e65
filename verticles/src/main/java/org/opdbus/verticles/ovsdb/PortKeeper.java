// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;
import org.opdbus.verticles.ovsdb.PortChanges.Change;

/**
 * Changes ports of Open vSwitch, one guarded transaction a change; new ports and stamps share one while the database is
 * busy.
 *
 * <p>Nothing happens before somebody subscribes. Any thread may; a subscriber on a Vert.x context hears the outcome on
 * that context. Every change ends within the limit of {@link OvsdbOptions#callLimit} (a swap within twice that; what
 * shares a transaction, once it has had its turn), either done and stored by the database, or with an {@link
 * OvsdbException} whose reason tells whether anything was changed. Done does not mean that packets flow: that is when a
 * {@code PortChanged} shows the port live.
 */
public final class PortKeeper {
    /** The name of no bridge and no port: it is longer than that of a link can be. */
    private static final String WARM_UP = "op-dbus-warm-up-only";

    private static final String NO_UUID = "00000000-0000-0000-0000-000000000000";
    private static final int WARM_UP_ROUNDS = 20;

    private final Function<Transaction, Single<JsonArray>> database;
    private final Function<Change, Single<String>> coalescer;

    PortKeeper(Function<Transaction, Single<JsonArray>> database, Function<Change, Single<String>> coalescer) {
        this.database = database;
        this.coalescer = coalescer;
    }

    /**
     * Makes a link a port of a bridge and gives the Port row's identifier. Fails with {@link Reason#NO_BRIDGE} or {@link
     * Reason#NAME_TAKEN} if that is how it is.
     */
    public Single<String> attach(PortRequest request) {
        return coalescer.apply(PortChanges.attach(request));
    }

    /**
     * Replaces the row of a link that was renamed in the kernel by one of its new name, and gives the latter's identifier.
     * Every configured column of Port and Interface, and the mirrors that watch or feed the port, go over. Fails with
     * {@link Reason#CONFLICT} if somebody changed the port meanwhile, {@link Reason#REFUSED} if it is a bond.
     */
    public Single<String> swap(PortSwap swap) {
        return Single.defer(() -> database.apply(CarriedPort.question(swap))).flatMap(results -> {
            Transaction transaction = new Transaction();
            Function<JsonArray, String> reader =
                    PortChanges.swap(swap, CarriedPort.of(swap, results)).writeTo(transaction);
            return database.apply(transaction).map(reader::apply);
        });
    }

    /**
     * Takes the configuration of a second row of one link over to the first, and removes the second, in one transaction.
     * Fails with {@link Reason#CONFLICT} if another hand changed the second row meanwhile, {@link Reason#REFUSED} if it is
     * a bond, {@link Reason#NOT_OURS} if the first is not the caller's.
     */
    public Completable absorb(PortAbsorption absorption) {
        PortSwap swap = absorption.asSwap();
        return Single.defer(() -> database.apply(CarriedPort.question(swap)))
                .flatMap(results -> {
                    Transaction transaction = new Transaction();
                    PortChanges.absorb(absorption, CarriedPort.of(swap, results))
                            .writeTo(transaction);
                    return database.apply(transaction);
                })
                .ignoreElement();
    }

    /**
     * Completes as soon as everything that was in the database when this was subscribed to has been published as facts.
     *
     * <p>It is an empty transaction on the monitor's own connection: ovsdb-server sends a session the updates of its
     * monitors before it takes that session's next request, so the answer comes behind every earlier update. A subscriber
     * on a context that hears facts from the bus hears the answer behind those facts if it takes the answer as a task of
     * that context, too.
     */
    public Completable caughtUp() {
        return run(Transaction::new);
    }

    /**
     * Removes a port if its row says that it is the caller's, else fails with {@link Reason#NOT_OURS}. A port that is gone
     * is as good as removed.
     */
    public Completable remove(PortOwnership owned) {
        return run(() -> PortChanges.remove(owned)).onErrorComplete(e -> isAbout(e, Reason.NO_PORT));
    }

    /** Sets these {@code external_ids} of a Port row and leaves its others alone. */
    public Completable stamp(String portUuid, Map<String, String> ids) {
        return coalescer.apply(PortChanges.stamp(portUuid, ids)).ignoreElement();
    }

    /**
     * Sets these {@code external_ids} of a Port row and leaves its others alone, and sets columns of the Interface row of the
     * same name.
     */
    public Completable limit(String portUuid, String name, Map<String, String> ids, Map<String, Integer> columns) {
        return coalescer.apply(PortChanges.limit(portUuid, name, ids, columns)).ignoreElement();
    }

    /** Sets the VLANs of a port that is the caller's. */
    public Completable retag(PortOwnership owned, Vlans vlans) {
        return run(() -> PortChanges.retag(owned, vlans));
    }

    /** Takes a port that is the caller's to a bridge; it keeps its row and, as far as ovs-vswitchd can, its settings. */
    public Completable move(PortOwnership owned, String bridge) {
        return run(() -> PortChanges.move(owned, bridge));
    }

    /**
     * Runs the code that {@link #attach} and {@link #swap} run, against a bridge and a port that do not exist, so that the
     * first container does not wait for classes to load.
     */
    public Completable warmUp() {
        PortRequest request = new PortRequest(
                WARM_UP, WARM_UP, Map.of("op-dbus:owner", WARM_UP), Map.of(), Optional.empty(), Set.of(WARM_UP + "-2"));
        PortSwap swap =
                new PortSwap(NO_UUID, WARM_UP, WARM_UP + "-2", Optional.empty(), Map.of(), Map.of(), Optional.empty());
        return attach(request)
                .ignoreElement()
                .onErrorComplete(e -> isAbout(e, Reason.NO_BRIDGE))
                .andThen(swap(swap).ignoreElement().onErrorComplete(e -> isAbout(e, Reason.NO_PORT)))
                .repeat(WARM_UP_ROUNDS);
    }

    private static boolean isAbout(Throwable failure, Reason reason) {
        return failure instanceof OvsdbException e && e.reason() == reason;
    }

    private Completable run(Supplier<Transaction> transaction) {
        return Single.defer(() -> database.apply(transaction.get())).ignoreElement();
    }
}
