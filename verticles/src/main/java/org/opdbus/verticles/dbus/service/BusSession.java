// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import org.opdbus.verticles.dbus.wire.BusMessage;

/** A connection to the bus, as long as it lasts. On its event loop. */
public interface BusSession {
    /** Sends a signal. */
    void emit(BusMessage signal);

    /** Returns whether the bus has much to read, so that a signal that can wait should. */
    boolean isBusy();

    /**
     * Calls a method of another program.
     *
     * @return fails with {@link org.opdbus.verticles.dbus.wire.BusErrorException}, at the latest after the limit
     */
    Single<BusMessage> call(BusMessage call, Duration limit);

    /** Runs the work once when the connection of this unique name has left the bus. */
    Disposable whenGone(String busName, Runnable work);
}
