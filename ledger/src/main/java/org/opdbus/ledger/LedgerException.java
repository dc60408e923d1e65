// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Why the ledger could not do what was requested. The message is one printable line that names the file and the
 * remedy if there is one.
 */
public final class LedgerException extends RuntimeException {
    /** The kind of failure. */
    public enum Reason {
        /** Another writer holds the ledger. */
        LOCKED,
        /** The queue is full; this draft was not accepted. */
        OVERFLOW,
        /** Entries cannot be written at the moment (disk full, I/O error); this one is lost and counted. */
        DEGRADED,
        /** The ledger has been closed. */
        CLOSED,
        /** The draft holds something that has no exact canonical JSON form, or is too large. */
        BAD_DRAFT,
        /** The directory is not a ledger: it holds no file of a ledger, or a file that a ledger does not have. */
        NOT_A_LEDGER,
        /** No entry has this height or hash, or several have a hash that begins so. */
        NO_SUCH_ENTRY,
        /** Something on disk does not verify. */
        DAMAGED,
        /** The checkpoint or the key is missing, unreadable, or does not match. */
        KEY,
        /** A proof, or a checkpoint that the user gave, is malformed or not valid. */
        BAD_PROOF,
        /** A file could not be read or written. */
        IO
    }

    private final Reason reason;

    public LedgerException(Reason reason, String message) {
        this(reason, message, null);
    }

    public LedgerException(Reason reason, String message, @Nullable Throwable cause) {
        super(Printable.of(message), cause);
        this.reason = reason;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Describes an I/O failure: what was attempted on which file, and why it failed. */
    public static LedgerException io(String attempted, Path file, IOException cause) {
        // A wrong kind of file is an answer about the ledger, not a failure to get one.
        Reason reason = cause instanceof NotRegularFileException ? Reason.DAMAGED : Reason.IO;
        return new LedgerException(reason, attempted + " " + file + ": " + inWords(cause), cause);
    }

    public static String inWords(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied; run as a user who has access";
        }
        if (cause instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
