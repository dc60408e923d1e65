// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.opdbus.verticles.files.AtomicFile;

/**
 * A file that is replaced as a whole, so that it is complete after a crash, and not more than once in some seconds.
 * If it cannot be written, that is logged once in ten minutes, and retried until it succeeds. For use by one thread.
 */
public final class DueFile {
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(5);

    private final Path path;
    private final LongSupplier nanoTime;
    private final PeerWarnings warnings;
    private long writtenAt;
    private long asked;
    private volatile boolean owed;
    private final Object writing = new Object();
    private long done;

    public DueFile(Path path, LongSupplier nanoTime, PeerWarnings warnings) {
        this.path = path;
        this.nanoTime = nanoTime;
        this.warnings = warnings;
        writtenAt = nanoTime.getAsLong() - EVERY_NS;
    }

    public Path path() {
        return path;
    }

    /** Returns whether the last write is long enough ago. */
    public boolean isDue() {
        return isOlderThan(EVERY_NS);
    }

    public boolean isOlderThan(long nanos) {
        return nanoTime.getAsLong() - writtenAt >= nanos;
    }

    /** Returns whether the last content is not written yet. */
    public boolean isOwed() {
        return owed;
    }

    /** Replaces the file on a thread that may wait for the disk. */
    public void replaceSoon(byte[] bytes, Executor files) {
        long number = begin();
        try {
            files.execute(() -> {
                try {
                    replace(number, bytes);
                } catch (IOException e) {
                    missed(e.toString());
                }
            });
        } catch (RejectedExecutionException full) {
            missed("too many files wait for the disk");
        }
    }

    /** Replaces it. */
    public void replaceNow(byte[] bytes) throws IOException {
        replace(begin(), bytes);
    }

    private long begin() {
        owed = false;
        writtenAt = nanoTime.getAsLong();
        return ++asked;
    }

    /** An earlier request may arrive later; it is out of date then. */
    private void replace(long number, byte[] bytes) throws IOException {
        synchronized (writing) {
            if (number > done) {
                AtomicFile.replace(path, bytes);
                done = number;
            }
        }
    }

    private void missed(String why) {
        owed = true;
        warnings.warn(path.toString(), path + " cannot be written, trying again: " + why);
    }
}
