// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.token;

/** Something about a mesh that did not work, with what its user can do about it. Never holds a secret, nor a cause that might. */
public final class NetmakerException extends Exception {
    private static final long serialVersionUID = 1;

    /** Which kind of failure it was. */
    public enum Reason {
        /** The file of tokens is missing, readable by others, or not made of {@code KEY=value} lines. */
        ENV_FILE,
        /** The file has no token of this name. */
        NO_SUCH_TOKEN,
        /** What the file has under this name is no enrolment token. */
        NOT_A_TOKEN,
        /** The credential for the server's API, or the certificate of its authority, cannot be used. */
        API_FILE,
        /** A file of netclient in the container cannot be read, or is not what it should be. */
        GUEST_FILE,
        /** The server could not be reached, or failed. Time will help. */
        UNREACHABLE,
        /** The server's certificate is not trusted. */
        UNTRUSTED,
        /** The server has no network of a name that is configured. */
        UNKNOWN_NETWORK,
        /** The server answered no. */
        REFUSED,
        /** The agent's own record of hosts cannot be read or written. */
        RECORDS
    }

    private final Reason reason;
    private final String message;
    private final String remedy;

    public NetmakerException(Reason reason, String message, String remedy) {
        super(message);
        this.reason = reason;
        this.message = message;
        this.remedy = remedy;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** Which kind of failure it was. */
    public Reason reason() {
        return reason;
    }

    /** What to do about it; empty when time will do it. */
    public String remedy() {
        return remedy;
    }
}
