// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

/** What could not be done about the cluster, why, and what its user can do. Never holds a secret. */
public final class MembershipException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which kind of failure it was. */
    public enum Reason {
        /** This host has no key and certificate, so it is in no cluster yet. */
        NO_IDENTITY,
        /** This host holds no CA, which what was asked for needs. */
        NO_AUTHORITY,
        /** There is an identity, a CA or a member of this name already. Nothing was changed. */
        EXISTS,
        /** There is no member of this name. */
        NO_SUCH_MEMBER,
        /** A file of the cluster is not what it has to be, or others can read it. */
        DAMAGED,
        /** A file could not be read or written. */
        FILE,
        /** Nobody answers at the door, or not in time. */
        UNREACHABLE,
        /** The door said no, or is not the door of the cluster that is meant. */
        REFUSED,
        /** The libraries of the cluster are not installed. */
        NO_LIBRARIES,
        /** The members cannot be reached by a network that this host has, or an address is taken. */
        NETWORK
    }

    private final Reason reason;

    public MembershipException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** With the failure behind it. */
    public MembershipException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Which kind of failure it was. */
    public Reason reason() {
        return reason;
    }
}
