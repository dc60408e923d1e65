// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.token;

/** A failure of mesh work, with what the user can do about it. Never contains a secret, nor a cause that might. */
public final class NetmakerException extends Exception {
    private static final long serialVersionUID = 1;

    /** The kind of failure. */
    public enum Reason {
        /** The file of tokens is missing, readable by other users, or not made of {@code KEY=value} lines. */
        ENV_FILE,
        /** The file has no token of this name. */
        NO_SUCH_TOKEN,
        /** The value under this name in the file is not an enrolment token. */
        NOT_A_TOKEN,
        /** The credential for the server's API, or the certificate of its authority, cannot be used. */
        API_FILE,
        /** A file of netclient in the container cannot be read, or is not what it should be. */
        GUEST_FILE,
        /** The server was unreachable, or failed. A later try can succeed. */
        UNREACHABLE,
        /** The server's certificate is not trusted. */
        UNTRUSTED,
        /** The server has no network of a name that is configured. */
        UNKNOWN_NETWORK,
        /** The server refused. */
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

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns what to do about it; empty if a later try is enough. */
    public String remedy() {
        return remedy;
    }
}
