// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import io.reactivex.rxjava3.core.Single;

/** Open vSwitch's database server, as a move uses it. */
@FunctionalInterface
public interface SwitchDatabase {
    /**
     * Carries out a transaction (RFC 7047 section 4.1.3) on a connection of its own, so that an operation that waits holds up
     * nothing else. It may wait for at least two seconds.
     *
     * @param operations a JSON array of operations
     * @return the array of their results, as JSON text
     */
    Single<String> transact(String database, String operations);
}
