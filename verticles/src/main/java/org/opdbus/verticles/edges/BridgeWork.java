// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;

/**
 * The operations on Open vSwitch that a caller of the agent may ask for, with the meaning of ovs-vsctl(8).
 *
 * <p>Each change is one guarded transaction: the database applies all of it or nothing, and nothing if the rows on which the
 * decision rests have changed; the decision is then made again. Nothing happens before the subscription. No operation blocks its
 * caller, and each one ends within a time limit; a failure is a {@link BridgeException}. A subscriber on a Vert.x context gets
 * the result on that context.
 *
 * <p>Success means that the database has stored the change. ovs-vswitchd acts on it afterwards, which facts about bridges and
 * ports show.
 */
public interface BridgeWork {
    /** Creates a bridge, as {@code ovs-vsctl --may-exist add-br} does. If the bridge exists already, it stays as it is. */
    Completable createBridge(String bridge);

    /**
     * Deletes a bridge with its ports, as {@code ovs-vsctl --if-exists del-br} does. Fails with {@link
     * BridgeException.Reason#IN_USE} if the agent enrolled a container through a port of the bridge.
     */
    Completable deleteBridge(String bridge);

    /**
     * Makes a link a port of a bridge, as {@code ovs-vsctl --may-exist add-port} does. If the bridge has that port already, it
     * stays as it is; a port of another bridge fails with {@link BridgeException.Reason#ALREADY_EXISTS}.
     */
    Completable addPort(String bridge, String port);

    /**
     * Removes a port from a bridge, as {@code ovs-vsctl --if-exists del-port} does. Fails with {@link
     * BridgeException.Reason#IN_USE} if the agent enrolled a container through the port.
     */
    Completable removePort(String bridge, String port);

    /** Returns whether there is a bridge of this name. */
    Single<Boolean> exists(String bridge);

    /** Returns the names of all bridges, sorted. */
    Single<List<String>> listBridges();

    /** Returns the names of the bridge's ports, sorted, without the bridge's own port. */
    Single<List<String>> listPorts(String bridge);

    /** Returns the schema of a database (RFC 7047 section 4.1.2) as JSON text. */
    Single<String> schema(String database);

    /**
     * Carries out a transaction (RFC 7047 section 4.1.3) with no check by the agent; only root's programs may get here.
     *
     * @param operations a JSON array of operations
     * @return the server's results as JSON text; an operation that failed has its error there
     */
    Single<String> transact(String database, String operations);

    /**
     * Watches tables (RFC 7047 section 4.1.5) until it is cancelled. Emits the present rows first and then each update, as the
     * JSON text of the server. Ends with a failure when the connection is lost or the subscriber is too slow, never by itself.
     *
     * @param tables a JSON object of monitor requests
     */
    Flowable<String> monitor(String database, String tables);
}
