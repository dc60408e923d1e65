// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens a file if it is a regular file. Another user may have made it, or may replace it at any moment.
 *
 * <p>This is a port: {@link java.util.ServiceLoader} finds the implementation, because Java by itself has no {@code
 * O_NONBLOCK} (open(2)) and no fstat(2). Without an implementation {@link PlainFiles} is used; its documentation says
 * what it cannot prevent.
 */
public interface RegularFiles {
    /**
     * Opens an existing regular file. Never follows a symbolic link in the last name of the path, never waits for the
     * other end of a FIFO, never opens a device.
     *
     * @param access {@link StandardOpenOption#READ} or {@link StandardOpenOption#WRITE}
     * @throws NotRegularFileException if it is anything else than a regular file
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it cannot be opened
     */
    FileChannel open(Path file, StandardOpenOption access) throws IOException;
}
