// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

/** A call failed. The error has a name, which programs compare, and a message, which people read. */
public final class BusErrorException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String STANDARD = "org.freedesktop.DBus.Error.";

    private final String name;

    /** Creates an error with this D-Bus error name. */
    public BusErrorException(String name, String message) {
        super(message);
        this.name = name;
    }

    /** Creates an error whose name the specification or the reference implementation defines, such as {@code InvalidArgs}. */
    public static BusErrorException standard(String last, String message) {
        return new BusErrorException(STANDARD + last, message);
    }

    /** Returns the name of the error, such as {@code org.freedesktop.DBus.Error.AccessDenied}. */
    public String name() {
        return name;
    }
}
