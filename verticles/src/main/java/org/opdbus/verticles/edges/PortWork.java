// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Completable;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.bus.StepException;

/**
 * What handlers need of Open vSwitch's database. Each is one guarded transaction: it is done whole or not at all,
 * and not if the rows have changed since. Never blocks the caller; a failure is a {@link StepException}.
 */
public interface PortWork {
    /**
     * Completes as soon as every change of the database before this call has been heard. The answer must be taken as a task
     * of the context that hears facts, so that it comes behind them.
     */
    Completable caughtUp();

    /** Makes a link a port of a bridge, unless it is one under an earlier name. */
    Completable attach(NewPort port);

    /** Adds these external_ids to a port, replacing those of the same key. */
    Completable mark(Port port, Map<String, String> ids);

    /**
     * Adds these external_ids to a port, and sets columns of its interface.
     *
     * @param columns the columns with their numbers
     */
    Completable limit(Port port, Map<String, String> ids, Map<String, Integer> columns);

    /**
     * Replaces a port by one of another name with the same attributes.
     *
     * @param interfaceIds what is added to the interface's external_ids
     */
    Completable swap(Port port, String to, String bridge, Map<String, String> interfaceIds);

    /**
     * Takes the configuration of a second row of one link over to the link's own row, and removes the second row.
     *
     * @param late the row under an earlier name of the link, which bears no marks
     * @param marks what is added to the external_ids of the own row, whose entry is forgotten
     */
    Completable absorb(Port late, Port own, Map<String, String> marks);

    /** Removes a port, if it still bears the marks that it was seen with. */
    Completable remove(Port port);

    /** Sets the port's access VLAN; other VLAN settings stay. */
    Completable retag(Port port, Optional<Integer> vlan);

    /** Moves the port to another bridge. */
    Completable move(Port port, String bridge);
}
