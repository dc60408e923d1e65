// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.connections;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The sockets that a process has open. */
public final class HeldSockets {
    private static final int DESCRIPTORS_MAX = 65_536;
    private static final String PREFIX = "socket:[";

    private HeldSockets() {}

    /**
     * Returns the inodes of the sockets of a process; empty if it has ended.
     *
     * @param process the folder of the process in {@code /proc}
     */
    public static Set<Long> of(Path process) {
        Set<Long> inodes = new HashSet<>();
        int count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                if (++count > DESCRIPTORS_MAX) {
                    break;
                }
                add(descriptor, inodes);
            }
        } catch (IOException ended) {
            return Set.of();
        }
        return inodes;
    }

    /** Returns what a descriptor of the socket with this inode leads to in {@code /proc/PID/fd}. */
    public static String nameOf(long inode) {
        return PREFIX + inode + "]";
    }

    private static void add(Path descriptor, Set<Long> inodes) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            if (target.startsWith(PREFIX)) {
                inodes.add(Long.parseLong(target.substring(PREFIX.length(), target.length() - 1)));
            }
        } catch (IOException closed) {
            // What was closed meanwhile is not held.
        }
    }
}
