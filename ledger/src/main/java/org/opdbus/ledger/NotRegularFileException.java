// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file of the ledger is not a regular file; the reason says what it is. */
public final class NotRegularFileException extends FileSystemException {
    private static final long serialVersionUID = 1;

    private static final int TYPE = 0170000;

    /**
     * Creates the exception for something that is not a regular file.
     *
     * @param mode its mode as in inode(7)
     */
    public NotRegularFileException(Path file, int mode) {
        super(file.toString(), null, "it is " + kind(mode) + ", but the files of a ledger are regular " + "files");
    }

    /** Returns whether a mode is that of a regular file (inode(7)). */
    public static boolean isRegular(int mode) {
        return (mode & TYPE) == 0100000;
    }

    private static String kind(int mode) {
        return switch (mode & TYPE) {
            case 0120000 -> "a symbolic link";
            case 0040000 -> "a directory";
            case 0010000 -> "a FIFO";
            case 0140000 -> "a socket";
            case 0020000, 0060000 -> "a device";
            default -> "not a regular file";
        };
    }
}
