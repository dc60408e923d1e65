// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import org.jspecify.annotations.Nullable;

/** Why a change of Open vSwitch's database was not made, or may not have been made. */
public final class OvsdbException extends RuntimeException {
    /** The kind of failure. */
    public enum Reason {
        /** There is no bridge of that name; nothing was changed. */
        NO_BRIDGE,
        /** The port no longer exists; nothing was changed. */
        NO_PORT,
        /** Another port or interface has the name; nothing was changed. */
        NAME_TAKEN,
        /** The row's marks do not say that it is the caller's; nothing was changed. */
        NOT_OURS,
        /**
         * Another program changed the rows at the same time; nothing was changed. The caller should
         * try again.
         */
        CONFLICT,
        /** The database refused the change. To try the same change again is pointless. */
        REFUSED,
        /** The database was unreachable; nothing was changed. */
        UNAVAILABLE,
        /** The change was sent but no answer came. The next facts show whether it was made. */
        UNKNOWN
    }

    private final Reason reason;

    /** Creates a failure with this reason. */
    public OvsdbException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure with another failure as its cause. */
    public OvsdbException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
