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
 * A file that is replaced as a whole, so that it is complete after a crash, and not more than once in some seconds.
 * If it cannot be written, that is logged once in ten minutes, and retried until it succeeds. For use by one thread.
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

    /** Returns whether the last write is long enough ago. */
    boolean isDue() {
        return isOlderThan(EVERY_NS);
    }

    boolean isOlderThan(long nanos) {
        return nanoTime.getAsLong() - writtenAt >= nanos;
    }

    /** Returns whether the last content is not written yet. */
    boolean isOwed() {
        return owed;
    }

    /** Replaces the file on a thread that may wait for the disk. */
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
            missed("too many files wait for the disk");
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
        complaints.warn(path.toString(), path + " cannot be written, trying again: " + why);
    }
}
