// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Completable;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.bus.StepException;

/**
 * The operations on ports that handlers need from Open vSwitch's database. Each one is one guarded transaction: the database
 * applies all of it or nothing, and nothing if the rows have changed since. They never block the caller; a failure is a
 * {@link StepException}.
 */
public interface PortWork {
    /**
     * Completes as soon as the agent has received every change that the database made before this call. The caller must
     * take the answer as a task on the context that receives facts, so that the answer comes after them.
     */
    Completable caughtUp();

    /** Makes a link a port of a bridge, unless a port with an earlier name of the link exists. */
    Completable attach(NewPort port);

    /** Adds these external_ids to a port. They replace present ones with the same key. */
    Completable mark(Port port, Map<String, String> ids);

    /**
     * Adds these external_ids to a port, and sets columns of its interface.
     *
     * @param columns the columns with their numbers
     */
    Completable limit(Port port, Map<String, String> ids, Map<String, Integer> columns);

    /**
     * Replaces a port with a port that has another name and the same attributes.
     *
     * @param interfaceIds the external_ids to add to the interface
     */
    Completable swap(Port port, String to, String bridge, Map<String, String> interfaceIds);

    /**
     * Copies the configuration of a link's second row to the link's own row, and removes the second row.
     *
     * @param late the second row, which has an earlier name of the link and no marks
     * @param marks the external_ids to add to the own row; the mark of its ledger entry is removed
     */
    Completable absorb(Port late, Port own, Map<String, String> marks);

    /** Removes a port if it still has the marks with which the agent saw it. */
    Completable remove(Port port);

    /** Sets the port's access VLAN; other VLAN settings stay. */
    Completable retag(Port port, Optional<Integer> vlan);

    /** Moves the port to another bridge. */
    Completable move(Port port, String bridge);
}
