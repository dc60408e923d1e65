// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.tree;

/** A write that changed nothing, or of which the agent does not know whether it did. The message is for people. */
public final class RefusedWriteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What the writer gets to know from the error number. */
    public enum Reason {
        /** The value is not allowed; EINVAL. */
        INVALID,
        /** The object has changed since the file was opened; EAGAIN. */
        CHANGED,
        /** The writer may not change this object; EPERM. */
        NOT_PERMITTED,
        /** The change could not be made, or failed on the way; EIO. */
        FAILED
    }

    /** Creates a refusal without a cause. */
    public RefusedWriteException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Creates a refusal with its cause. */
    public RefusedWriteException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
