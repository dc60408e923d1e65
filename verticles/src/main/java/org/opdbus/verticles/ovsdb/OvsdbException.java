// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import org.jspecify.annotations.Nullable;

/** Why a change of Open vSwitch's database was not made, or is not known to have been made. */
public final class OvsdbException extends RuntimeException {
    /** What kind of failure it was. */
    public enum Reason {
        /** There is no bridge of that name; nothing was changed. */
        NO_BRIDGE,
        /** There is no such port any more; nothing was changed. */
        NO_PORT,
        /** Another port or interface has the name; nothing was changed. */
        NAME_TAKEN,
        /** The row does not say that it is the caller's; nothing was changed. */
        NOT_OURS,
        /** Somebody else changed the rows at the same time; nothing was changed, and trying again is right. */
        CONFLICT,
        /** The database refused the change; trying the same again is pointless. */
        REFUSED,
        /** The database could not be asked; nothing was changed. */
        UNAVAILABLE,
        /** The change was sent and no answer came: it may have been made or not, which the next facts will show. */
        UNKNOWN
    }

    private final Reason reason;

    /** A failure with this reason. */
    public OvsdbException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A failure that was caused by another. */
    public OvsdbException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of failure it was. */
    public Reason reason() {
        return reason;
    }
}
