// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import org.jspecify.annotations.Nullable;

/** Says why {@link BridgeWork} did not do what a caller asked for. The message says what was asked and what to do about it. */
public final class BridgeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kinds of failure. Nothing was changed, except possibly with {@link #UNAVAILABLE}, whose message then says so. */
    public enum Reason {
        /** There is no bridge of that name. */
        NO_BRIDGE,
        /** The bridge does not have that port; another bridge has it. */
        NO_PORT,
        /** Another bridge, port or interface has the name. */
        ALREADY_EXISTS,
        /** The agent enrolled a container through the port, or through a port of the bridge. */
        IN_USE,
        /** The kernel does not accept the name, or the JSON text is not what the operation takes. */
        INVALID,
        /** The database refused the request; the same request fails again unless something else changes. */
        REFUSED,
        /** The database cannot be reached or did not answer in time. */
        UNAVAILABLE
    }

    private final Reason reason;

    /** Creates a failure. */
    public BridgeException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure with another failure as its cause. */
    public BridgeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
