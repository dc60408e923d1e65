// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.util.Arrays;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;

/**
 * A folder of a guest, opened with {@code O_PATH}, in which one file is replaced.
 *
 * <p>The new content goes into a file that this class has made itself ({@code O_EXCL}), and owner and mode are set
 * through its descriptor. So it never writes or changes a file that the guest puts in its place. The guest can make
 * the replacement fail, which harms only the guest.
 */
final class GuestFolder {
    private static final byte[] TEMPORARY = LibC.path(".op-dbus.tmp");
    private static final int O_WRONLY = 1;
    private static final int PRIVATE = 0600;
    private static final int READABLE = 0644;

    private final String description;
    private final int folder;

    GuestFolder(String description, int folder) {
        this.description = description;
        this.folder = folder;
    }

    void replace(String name, byte[] content) throws IOException {
        FileFacts attributes = attributes(name);
        // Only a killed run leaves one.
        LIBC.unlinkat(folder, TEMPORARY, 0);
        int flags = O_WRONLY
                | OpenFlags.O_CREAT.intValue()
                | OpenFlags.O_EXCL.intValue()
                | OpenFlags.O_NOFOLLOW.intValue()
                | LibC.O_CLOEXEC;
        int file = LIBC.openat(folder, TEMPORARY, flags, PRIVATE);
        require(file >= 0);
        try {
            write(file, content);
            require(LIBC.fchown(file, attributes.uid(), attributes.gid()) == 0);
            require(LIBC.fchmod(file, attributes.permissions()) == 0);
            require(LIBC.renameat(folder, TEMPORARY, folder, LibC.path(name)) == 0);
        } catch (IOException failure) {
            LIBC.unlinkat(folder, TEMPORARY, 0);
            throw failure;
        } finally {
            LIBC.close(file);
        }
    }

    /** The owner and permissions of the new file. */
    private FileFacts attributes(String name) throws IOException {
        int old = LIBC.openat(folder, LibC.path(name), RegularFile.pathFlags(), 0);
        if (old >= 0) {
            try {
                FileFacts facts = FileFacts.of(description, old);
                if (facts.isRegular()) {
                    return facts;
                }
            } finally {
                LIBC.close(old);
            }
        }
        FileFacts owner = FileFacts.of(description, folder);
        return new FileFacts(READABLE, owner.uid(), owner.gid(), 0);
    }

    private void write(int file, byte[] content) throws IOException {
        int written = 0;
        while (written < content.length) {
            long more =
                    LIBC.write(file, Arrays.copyOfRange(content, written, content.length), content.length - written);
            require(more >= 0);
            written += (int) more;
        }
    }

    private void require(boolean succeeded) throws IOException {
        if (!succeeded) {
            Errno errno = LibC.errno();
            throw FileFacts.failure(description, errno);
        }
    }
}
