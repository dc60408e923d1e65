// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;

/**
 * The right to write a ledger: a lock on its {@code lock} file, which names the holder's process id. The kernel
 * releases it when the holder ends in any way; the file stays.
 */
final class LedgerLock implements AutoCloseable {
    /**
     * The directories that this process writes. POSIX record locks belong to a process and end when it closes any
     * descriptor of the file (man 2 fcntl), so a second attempt in the same process must not even open it.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private static final int PID_BYTES_MAX = 32;

    private final Path dir;
    private final FileChannel channel;

    private LedgerLock(Path dir, FileChannel channel) {
        this.dir = dir;
        this.channel = channel;
    }

    static LedgerLock take(LedgerDirectory directory) throws IOException {
        Path dir = directory.path().toRealPath();
        synchronized (HELD) {
            if (!HELD.add(dir)) {
                throw refused(directory, Long.toString(ProcessHandle.current().pid()));
            }
        }
        LedgerLock lock = null;
        try {
            lock = lock(directory, dir);
            return lock;
        } finally {
            if (lock == null) {
                release(dir);
            }
        }
    }

    private static LedgerLock lock(LedgerDirectory directory, Path dir) throws IOException {
        // Opened for reading and writing, because then opening a FIFO does not wait for its other
        // end (fifo(7)).
        FileChannel channel = FileChannel.open(
                directory.lock(),
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                SegmentWriter.MODE);
        boolean mine = false;
        try {
            FileLock taken = channel.tryLock();
            if (taken == null) {
                throw refused(directory, holder(channel));
            }
            channel.truncate(0);
            write(channel);
            mine = true;
            return new LedgerLock(dir, channel);
        } finally {
            if (!mine) {
                channel.close();
            }
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(pid, 0);
        return new String(pid.array(), 0, pid.position(), StandardCharsets.UTF_8).strip();
    }

    private static void write(FileChannel channel) throws IOException {
        String pid = ProcessHandle.current().pid() + "\n";
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static LedgerException refused(LedgerDirectory directory, @Nullable String pid) {
        return new LedgerException(
                LedgerException.Reason.LOCKED,
                "cannot write the ledger " + directory.path() + ": process " + pid + " writes it already");
    }

    private static void release(Path dir) {
        synchronized (HELD) {
            HELD.remove(dir);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            release(dir);
        }
    }
}
