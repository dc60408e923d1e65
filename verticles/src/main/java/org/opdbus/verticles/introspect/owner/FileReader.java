// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A reader that only reads files, on the thread that subscribes. While an earlier reading has lasted longer than any should, as on a
 * file system whose program has died, it refuses to occupy another thread.
 */
abstract class FileReader implements OwnershipReader {
    private static final Duration STUCK = Duration.ofSeconds(5);

    private final String subject;
    private final long stuckNs;
    private final Set<Long> begun = ConcurrentHashMap.newKeySet();

    FileReader(String subject) {
        this(subject, STUCK);
    }

    /** Creates a reader that takes an earlier reading for stuck after this time. */
    FileReader(String subject, Duration stuck) {
        this.subject = subject;
        stuckNs = stuck.toNanos();
    }

    @Override
    public final String subject() {
        return subject;
    }

    @Override
    public final Single<Findings> read(HostLinks host) {
        return Single.fromCallable(() -> {
            Long now = System.nanoTime();
            if (begun.stream().anyMatch(earlier -> now - earlier > stuckNs)) {
                throw new IOException("the file system does not answer");
            }
            // Two that begin in one nanosecond count as one, which does no harm.
            begun.add(now);
            try {
                return look(host);
            } finally {
                begun.remove(now);
            }
        });
    }

    /**
     * Reads the files once.
     *
     * @throws IOException if something cannot be read without which no claim can be made
     */
    abstract Findings look(HostLinks host) throws IOException;
}
