// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Opens regular files with Java's own functions: it checks the file, then opens it without following a symbolic link.
 * Between the two, another user who may write the directory can put a FIFO there; the opening then waits for its
 * other end. Programs that read such directories supply a {@link RegularFiles} of their own.
 */
final class PlainFiles implements RegularFiles {
    @Override
    public FileChannel open(Path file, StandardOpenOption access) throws IOException {
        int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if (!NotRegularFileException.isRegular(mode)) {
            throw new NotRegularFileException(file, mode);
        }
        return FileChannel.open(file, Set.of(access, LinkOption.NOFOLLOW_LINKS));
    }
}
