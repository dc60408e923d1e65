// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.opdbus.verticles.files.AtomicFile;

/**
 * A file that is replaced as a whole, so that a crash leaves it whole, and not twice in some seconds. What cannot be written
 * is told in the log, once in ten minutes, and is owed until it is. For use by one thread.
 */
final class DueFile {
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(5);

    private final Path path;
    private final LongSupplier nanoTime;
    private final Complaints complaints;
    private long writtenAt;
    private long asked;
    private volatile boolean owed;
    private final Object writing = new Object();
    private long done;

    DueFile(Path path, LongSupplier nanoTime, Complaints complaints) {
        this.path = path;
        this.nanoTime = nanoTime;
        this.complaints = complaints;
        writtenAt = nanoTime.getAsLong() - EVERY_NS;
    }

    Path path() {
        return path;
    }

    /** Whether it was last written long enough ago. */
    boolean isDue() {
        return isOlderThan(EVERY_NS);
    }

    boolean isOlderThan(long nanos) {
        return nanoTime.getAsLong() - writtenAt >= nanos;
    }

    /** Whether what was to be written last was not. */
    boolean isOwed() {
        return owed;
    }

    /** Has it replaced by somebody who may wait for a disk. */
    void replaceSoon(byte[] bytes, Executor files) {
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
            missed("too much waits for the disk");
        }
    }

    /** Replaces it. */
    void replaceNow(byte[] bytes) throws IOException {
        replace(begin(), bytes);
    }

    private long begin() {
        owed = false;
        writtenAt = nanoTime.getAsLong();
        return ++asked;
    }

    /** What was asked for earlier may come later; it is out of date then. */
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
        complaints.warn(path.toString(), path + " cannot be written, which is tried again: " + why);
    }
}
