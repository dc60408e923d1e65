// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

/** A failed operation on the cluster: what failed, why, and what the user can do. Never contains a secret. */
public final class MembershipException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kind of failure. */
    public enum Reason {
        /** This host has no key and certificate, so it is in no cluster yet. */
        NO_IDENTITY,
        /** This host holds no CA, which the operation needs. */
        NO_AUTHORITY,
        /** There is an identity, a CA or a member of this name already. Nothing was changed. */
        EXISTS,
        /** There is no member of this name. */
        NO_SUCH_MEMBER,
        /** A file of the cluster is not valid, or other users can read it. */
        DAMAGED,
        /** A file could not be read or written. */
        FILE,
        /** The join server does not answer, or not in time. */
        UNREACHABLE,
        /** The join server refused, or belongs to another cluster. */
        REFUSED,
        /** The libraries of the cluster are not installed. */
        NO_LIBRARIES,
        /** This host's network does not reach the members, or an address is in use. */
        NETWORK
    }

    private final Reason reason;

    public MembershipException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Creates a failure with its cause. */
    public MembershipException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
