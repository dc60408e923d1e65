// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.opdbus.events.Bridge;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.BridgeException.Reason;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.raw.RawDatabase;

/**
 * Changes bridges, and ports that are not the agent's, for callers of the agent.
 *
 * <p>A change looks at the rows, decides ({@link BridgeChanges}), and makes a transaction that fails if the rows have changed. Then
 * it starts over: each such failure means that another program's change succeeded, so there is no pause, but only a few attempts.
 */
final class BridgeKeeper implements BridgeWork {
    static final String ID = "_uuid";

    private static final int ATTEMPTS_MAX = 20;

    private final Database database;
    private final Supplier<Optional<RawDatabase>> raw;

    /** The database, as this class uses it. */
    interface Database {
        /** Carries out a transaction. */
        Single<JsonArray> transact(Transaction transaction);

        /**
         * Answers from the agent's copy of the database, which has every change that the database made before the subscription.
         * So a caller that asks often costs the database next to nothing.
         */
        <T> Single<T> look(Function<OvsdbCache, T> question);
    }

    /**
     * Creates a keeper.
     *
     * @param raw the connections for what is passed on unchanged; empty while the source does not run
     */
    BridgeKeeper(Database database, Supplier<Optional<RawDatabase>> raw) {
        this.database = database;
        this.raw = raw;
    }

    /**
     * The rows on which a decision rests, at one moment, in the server's notation. A port has a further
     * column, with the name of its bridge.
     *
     * @param root the row of the table Open_vSwitch; empty in a database that was never initialised
     * @param bridges all bridges; the one that the question was about has its ports
     * @param ports the ports that the question was about
     * @param isInterface whether an interface has the name that the question was about
     */
    record Rows(Optional<String> root, List<JsonObject> bridges, List<JsonObject> ports, boolean isInterface) {
        /** Returns all bridges, and the port and the interface of a name. */
        static Rows about(OvsdbCache now, String name) {
            boolean isInterface = now.rows(Column.INTERFACE).values().stream()
                    .anyMatch(row -> row.string("name").equals(name));
            return of(now, name, port -> port.name().equals(name), isInterface);
        }

        /** Returns all bridges, and the ports of one. */
        static Rows onBridge(OvsdbCache now, String bridge) {
            return of(now, bridge, port -> port.bridge().equals(bridge), false);
        }

        private static Rows of(OvsdbCache now, String bridge, Predicate<Port> about, boolean isInterface) {
            List<JsonObject> all = new ArrayList<>();
            now.bridges().forEach((uuid, each) -> {
                JsonObject row = row(uuid, each.name()).put("datapath_type", each.datapathType());
                Row members = now.rows(Column.BRIDGE).get(uuid);
                if (members != null && each.name().equals(bridge)) {
                    row.put(
                            "ports",
                            OvsdbValue.set(members.set("ports").stream()
                                    .map(port -> OvsdbValue.uuid((String) port))
                                    .toList()));
                }
                all.add(row);
            });
            List<JsonObject> found = now.ports().values().stream()
                    .filter(about)
                    .map(port -> row(port.uuid(), port.name())
                            .put("external_ids", OvsdbValue.map(port.externalIds()))
                            .put("bridge", port.bridge()))
                    .toList();
            return new Rows(now.rows(Column.OPEN_VSWITCH).keySet().stream().findFirst(), all, found, isInterface);
        }

        private static JsonObject row(String uuid, String name) {
            return new JsonObject().put(ID, OvsdbValue.uuid(uuid)).put("name", name);
        }

        Optional<JsonObject> bridge(String name) {
            return bridges.stream().filter(row -> name(row).equals(name)).findFirst();
        }

        Optional<JsonObject> port(String name) {
            return ports.stream().filter(row -> name(row).equals(name)).findFirst();
        }
    }

    @Override
    public Completable createBridge(String bridge) {
        return change(now -> Rows.about(now, bridge), rows -> BridgeChanges.create(bridge, rows), bridge);
    }

    @Override
    public Completable deleteBridge(String bridge) {
        return change(now -> Rows.onBridge(now, bridge), rows -> BridgeChanges.delete(bridge, rows), bridge);
    }

    @Override
    public Completable addPort(String bridge, String port) {
        return change(now -> Rows.about(now, port), rows -> BridgeChanges.add(bridge, port, rows), bridge, port);
    }

    @Override
    public Completable removePort(String bridge, String port) {
        return change(now -> Rows.about(now, port), rows -> BridgeChanges.remove(bridge, port, rows), bridge, port);
    }

    @Override
    public Single<Boolean> exists(String bridge) {
        return read(now -> isBridge(now, bridge), bridge);
    }

    @Override
    public Single<List<String>> listBridges() {
        return read(now ->
                now.bridges().values().stream().map(Bridge::name).sorted().toList());
    }

    @Override
    public Single<List<String>> listPorts(String bridge) {
        return read(now -> portNames(now, bridge), bridge);
    }

    private static boolean isBridge(OvsdbCache now, String name) {
        return now.bridges().values().stream().anyMatch(bridge -> bridge.name().equals(name));
    }

    private static List<String> portNames(OvsdbCache now, String bridge) {
        if (!isBridge(now, bridge)) {
            throw BridgeChanges.noBridge("list the ports of " + bridge, bridge);
        }
        return now.ports().values().stream()
                .filter(port -> port.bridge().equals(bridge) && !port.name().equals(bridge))
                .map(Port::name)
                .sorted()
                .toList();
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
            Function<OvsdbCache, Rows> question, Function<Rows, Optional<Transaction>> decision, String... names) {
        return ask(question, names)
                .flatMapCompletable(rows -> decision.apply(rows)
                        .map(transaction -> database.transact(transaction).ignoreElement())
                        .orElseGet(Completable::complete))
                .retry(ATTEMPTS_MAX - 1, BridgeKeeper::isConflict)
                .onErrorResumeNext(failure -> Completable.error(inWords(failure)));
    }

    private <T> Single<T> read(Function<OvsdbCache, T> question, String... names) {
        return ask(question, names).onErrorResumeNext(failure -> Single.error(inWords(failure)));
    }

    private <T> Single<T> ask(Function<OvsdbCache, T> question, String... names) {
        return Single.defer(() -> {
            for (String name : names) {
                requireName(name);
            }
            return database.look(question);
        });
    }

    private static void requireName(String name) {
        if (!LinkName.isValid(name) || name.chars().anyMatch(Character::isISOControl)) {
            throw new BridgeException(
                    Reason.INVALID,
                    "the kernel accepts no link of this name: use 1 to " + LinkName.BYTES_MAX
                            + " bytes without slash, colon, white space and control characters");
        }
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

    static String name(JsonObject row) {
        return row.getString("name");
    }

    static String id(JsonObject row) {
        return OvsdbValue.texts(row, ID).get(0);
    }
}
