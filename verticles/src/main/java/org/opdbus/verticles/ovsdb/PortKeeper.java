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
 * Changes ports of Open vSwitch, one guarded transaction per change; new ports and stamps share a
 * transaction while the database is busy.
 *
 * <p>Nothing happens before the caller subscribes. Any thread may subscribe; a subscriber on a
 * Vert.x context gets the result on that context. Every change ends within the limit of {@link
 * OvsdbOptions#callLimit} (a swap within twice that; a change that shares a transaction, within
 * that limit after its turn has come). It ends either done and stored by the database, or with an
 * {@link OvsdbException} whose reason says whether anything was changed. Done does not mean that
 * packets flow: a later {@code PortChanged} shows when the port is live.
 */
public final class PortKeeper {
    /** A name that no bridge and no port can have: it is longer than a link's name can be. */
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
     * Makes a link a port of a bridge and returns the Port row's identifier. Fails with {@link
     * Reason#NO_BRIDGE} or {@link Reason#NAME_TAKEN} in those cases.
     */
    public Single<String> attach(PortRequest request) {
        return coalescer.apply(PortChanges.attach(request));
    }

    /**
     * Replaces the row of a link that was renamed in the kernel by a row with its new name, and
     * returns the new row's identifier. Every configured column of Port and Interface moves to the
     * new row, and so do the mirrors that watch the port or send to it. Fails with {@link
     * Reason#CONFLICT} if another program changed the port meanwhile, {@link Reason#REFUSED} if it
     * is a bond.
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
     * Moves the configuration of a second row of one link to the first row and removes the second,
     * in one transaction. Fails with {@link Reason#CONFLICT} if another program changed the second
     * row meanwhile, {@link Reason#REFUSED} if it is a bond, {@link Reason#NOT_OURS} if the first
     * is not the caller's.
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
     * Completes as soon as everything that was in the database at the time of the subscription has
     * been published as facts.
     *
     * <p>It is an empty transaction on the monitor's own connection. ovsdb-server sends a session
     * the updates of its monitors before it takes that session's next request, so the answer comes
     * after every earlier update. A subscriber on a context that receives facts from the bus gets
     * the answer after those facts, if it processes the answer as a task of that context, too.
     */
    public Completable caughtUp() {
        return run(Transaction::new);
    }

    /**
     * Removes a port if its row says that it is the caller's, otherwise fails with {@link
     * Reason#NOT_OURS}. If the port no longer exists, the removal succeeds.
     */
    public Completable remove(PortOwnership owned) {
        return run(() -> PortChanges.remove(owned)).onErrorComplete(e -> isAbout(e, Reason.NO_PORT));
    }

    /** Sets these {@code external_ids} of a Port row and leaves the others unchanged. */
    public Completable stamp(String portUuid, Map<String, String> ids) {
        return coalescer.apply(PortChanges.stamp(portUuid, ids)).ignoreElement();
    }

    /**
     * Sets these {@code external_ids} of a Port row, leaves the others unchanged, and sets columns
     * of the Interface row of the same name.
     */
    public Completable limit(String portUuid, String name, Map<String, String> ids, Map<String, Integer> columns) {
        return coalescer.apply(PortChanges.limit(portUuid, name, ids, columns)).ignoreElement();
    }

    /** Sets the VLANs of a port that is the caller's. */
    public Completable retag(PortOwnership owned, Vlans vlans) {
        return run(() -> PortChanges.retag(owned, vlans));
    }

    /**
     * Moves a port that is the caller's to a bridge. The port keeps its row and, as far as
     * ovs-vswitchd can, its settings.
     */
    public Completable move(PortOwnership owned, String bridge) {
        return run(() -> PortChanges.move(owned, bridge));
    }

    /**
     * Runs the code of {@link #attach} and {@link #swap} against a bridge and a port that do not
     * exist, so that the first container does not wait until the classes are loaded.
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
