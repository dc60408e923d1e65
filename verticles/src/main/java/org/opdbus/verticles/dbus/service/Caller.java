// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

/**
 * Who calls, as the bus says.
 *
 * @param busName the unique name of the connection, such as {@code :1.42}
 * @param uid the user of the connection
 * @param pid the process that connected; 0 if the bus does not say
 */
public record Caller(String busName, long uid, long pid) {
    private static final long ROOT = 0;

    /** Returns whether the caller is root. */
    public boolean isRoot() {
        return uid == ROOT;
    }
}
