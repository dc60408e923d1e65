// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Single;

/** Decides who may call what. It refuses in doubt. */
public interface CallerRights {
    /**
     * Identifies the caller and checks that it may have this access.
     *
     * @param question who asks, and whether a person may be asked for a password meanwhile
     * @return the caller; fails with {@link org.opdbus.verticles.dbus.wire.BusErrorException}, which says what the caller needs,
     *     always within a limited time: {@code InteractiveAuthorizationRequired} if a password would do and the call does not
     *     allow to ask for it, {@code LimitsExceeded} if too many calls wait, else {@code AccessDenied}
     */
    Single<Caller> require(Question question);

    /**
     * Returns whether a caller may read. Nothing is refused, so a caller that may not is not counted; no person is asked. Never
     * fails, and ends in a limited time.
     */
    default Single<Boolean> mayRead(String busName) {
        return require(new Question(busName, Access.READ, "reading", false))
                .map(reader -> true)
                .onErrorReturnItem(false);
    }

    /**
     * A call that needs a decision.
     *
     * @param busName the unique name of the caller
     * @param operation the interface and method, for the log
     * @param interactive whether a person may be asked for a password meanwhile
     */
    record Question(String busName, Access access, String operation, boolean interactive) {}
}
