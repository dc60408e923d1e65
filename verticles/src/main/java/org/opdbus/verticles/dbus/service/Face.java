// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.List;
import java.util.Optional;

/** What is served under one bus name. */
public interface Face {
    /** Returns the well-known name, such as {@code org.opdbus}. */
    String busName();

    /** Returns the objects that no {@code ObjectManager} lists. */
    List<ObjectSource> alone();

    /** Returns the objects that an {@code ObjectManager} lists, if there is one. */
    default Optional<ObjectTree.Managed> managed() {
        return Optional.empty();
    }

    /** Begins to send signals on a connection, until the result is disposed of. On the event loop of the connection. */
    default Disposable tell(BusSession session) {
        return Disposable.disposed();
    }

    /** Ends, with the agent. */
    default void dispose() {}
}
