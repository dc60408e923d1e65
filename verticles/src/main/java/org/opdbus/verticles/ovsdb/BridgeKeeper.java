// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.opdbus.verticles.ovsdb.Transaction.where;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.BridgeException.Reason;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.ovsdb.raw.RawDatabase;

/**
 * Changes bridges, and ports that are not the agent's, for callers of the agent.
 *
 * <p>A change reads the rows, decides ({@link BridgeChanges}), and makes a transaction that fails if the rows have changed. Then
 * it starts over: each such failure means that another program's change succeeded, so there is no pause, but only a few attempts.
 */
final class BridgeKeeper implements BridgeWork {
    static final String ID = "_uuid";

    private static final int ATTEMPTS_MAX = 20;

    private final Function<Transaction, Single<JsonArray>> database;
    private final Supplier<Optional<RawDatabase>> raw;

    /**
     * Creates a keeper.
     *
     * @param raw the connections for what is passed on unchanged; empty while the source does not run
     */
    BridgeKeeper(Function<Transaction, Single<JsonArray>> database, Supplier<Optional<RawDatabase>> raw) {
        this.database = database;
        this.raw = raw;
    }

    /**
     * The rows on which a decision rests, at one moment.
     *
     * @param root the row of the table Open_vSwitch; empty in a database that was never initialised
     * @param ports the ports that the question was about
     * @param isInterface whether an interface has the name that the question was about
     */
    record Rows(Optional<String> root, List<JsonObject> bridges, List<JsonObject> ports, boolean isInterface) {
        /** Asks for all bridges and for these ports and interfaces. */
        static Transaction question(JsonArray ports, JsonArray interfaces) {
            Transaction transaction = new Transaction();
            transaction.select(Column.OPEN_VSWITCH, new JsonArray(), ID);
            transaction.select(Column.BRIDGE, new JsonArray(), ID, "name", "datapath_type", "ports");
            transaction.select(Column.PORT, ports, ID, "name", "external_ids");
            transaction.select(Column.INTERFACE, interfaces, ID);
            return transaction;
        }

        static Rows of(JsonArray results) {
            return new Rows(
                    Transaction.rows(results, 0).stream().map(BridgeKeeper::id).findFirst(),
                    Transaction.rows(results, 1),
                    Transaction.rows(results, 2),
                    !Transaction.rows(results, 3).isEmpty());
        }

        Optional<JsonObject> bridge(String name) {
            return bridges.stream().filter(row -> name(row).equals(name)).findFirst();
        }

        Optional<JsonObject> port(String name) {
            return ports.stream().filter(row -> name(row).equals(name)).findFirst();
        }

        /** Returns the name of the bridge that has this port. */
        String bridgeOf(JsonObject port) {
            return bridges.stream()
                    .filter(row -> OvsdbValue.uuids(row, "ports").contains(id(port)))
                    .map(BridgeKeeper::name)
                    .findFirst()
                    .orElse("");
        }

        List<JsonObject> portsOf(JsonObject bridge) {
            Set<String> uuids = Set.copyOf(OvsdbValue.uuids(bridge, "ports"));
            return ports.stream().filter(row -> uuids.contains(id(row))).toList();
        }
    }

    @Override
    public Completable createBridge(String bridge) {
        return change(() -> about(bridge), rows -> BridgeChanges.create(bridge, rows), bridge);
    }

    @Override
    public Completable deleteBridge(String bridge) {
        return change(BridgeKeeper::aboutAll, rows -> BridgeChanges.delete(bridge, rows), bridge);
    }

    @Override
    public Completable addPort(String bridge, String port) {
        return change(() -> about(port), rows -> BridgeChanges.add(bridge, port, rows), bridge, port);
    }

    @Override
    public Completable removePort(String bridge, String port) {
        return change(() -> about(port), rows -> BridgeChanges.remove(bridge, port, rows), bridge, port);
    }

    @Override
    public Single<Boolean> exists(String bridge) {
        return read(() -> about(bridge), bridge).map(rows -> rows.bridge(bridge).isPresent());
    }

    @Override
    public Single<List<String>> listBridges() {
        return read(() -> about("")).map(rows -> names(rows.bridges()));
    }

    @Override
    public Single<List<String>> listPorts(String bridge) {
        return read(BridgeKeeper::aboutAll, bridge).map(rows -> {
            JsonObject row = rows.bridge(bridge)
                    .orElseThrow(() -> BridgeChanges.noBridge("list the ports of " + bridge, bridge));
            return names(rows.portsOf(row)).stream()
                    .filter(port -> !port.equals(bridge))
                    .toList();
        });
    }

    @Override
    public Single<String> schema(String name) {
        return Single.defer(() -> connections().schema(name));
    }

    @Override
    public Single<String> transact(String name, String operations) {
        return Single.defer(() -> connections().transact(name, operations));
    }

    @Override
    public Flowable<String> monitor(String name, String tables) {
        return Flowable.defer(() -> connections().monitor(name, tables));
    }

    private RawDatabase connections() {
        return raw.get()
                .orElseThrow(() -> new BridgeException(
                        Reason.UNAVAILABLE, "the agent is starting or stopping; try again in a moment"));
    }

    private Completable change(
            Supplier<Transaction> question, Function<Rows, Optional<Transaction>> decision, String... names) {
        return ask(question, names)
                .flatMapCompletable(rows -> decision.apply(rows)
                        .map(transaction -> database.apply(transaction).ignoreElement())
                        .orElseGet(Completable::complete))
                .retry(ATTEMPTS_MAX - 1, BridgeKeeper::isConflict)
                .onErrorResumeNext(failure -> Completable.error(inWords(failure)));
    }

    private Single<Rows> read(Supplier<Transaction> question, String... names) {
        return ask(question, names).onErrorResumeNext(failure -> Single.error(inWords(failure)));
    }

    private Single<Rows> ask(Supplier<Transaction> question, String... names) {
        return Single.defer(() -> {
                    for (String name : names) {
                        requireName(name);
                    }
                    return database.apply(question.get());
                })
                .map(Rows::of);
    }

    private static void requireName(String name) {
        if (!LinkName.isValid(name) || name.chars().anyMatch(Character::isISOControl)) {
            throw new BridgeException(
                    Reason.INVALID,
                    "the kernel accepts no link of this name: use 1 to " + LinkName.BYTES_MAX
                            + " bytes without slash, colon, white space and control characters");
        }
    }

    private static Transaction about(String name) {
        return Rows.question(where("name", "==", name), where("name", "==", name));
    }

    private static Transaction aboutAll() {
        return Rows.question(new JsonArray(), where("name", "==", ""));
    }

    private static boolean isConflict(Throwable failure) {
        return failure instanceof OvsdbException e
                && (e.reason() == OvsdbException.Reason.CONFLICT || e.reason() == OvsdbException.Reason.NAME_TAKEN);
    }

    private static Throwable inWords(Throwable failure) {
        if (!(failure instanceof OvsdbException e)) {
            return failure;
        }
        String message = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case UNAVAILABLE ->
                new BridgeException(
                        Reason.UNAVAILABLE,
                        message + " Nothing was changed. Start Open vSwitch (systemctl start openvswitch-switch)",
                        e);
            case UNKNOWN ->
                new BridgeException(
                        Reason.UNAVAILABLE,
                        message + "; the change may have been made: look (ovs-vsctl show) before you try again",
                        e);
            case CONFLICT, NAME_TAKEN ->
                new BridgeException(
                        Reason.REFUSED,
                        message + "; other programs change the same rows all the time: nothing was changed, try again",
                        e);
            case NO_BRIDGE, NO_PORT, NOT_OURS, REFUSED -> new BridgeException(Reason.REFUSED, message, e);
        };
    }

    private static List<String> names(List<JsonObject> rows) {
        return rows.stream().map(BridgeKeeper::name).sorted().toList();
    }

    static String name(JsonObject row) {
        return row.getString("name");
    }

    static String id(JsonObject row) {
        return OvsdbValue.uuids(row, ID).get(0);
    }
}
