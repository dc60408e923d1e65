// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * How a ledger is written.
 *
 * @param dir the directory of the segments; made (mode 0700) if it does not exist
 * @param host the host's name, which every entry contains
 * @param keyFile the host's private key; made (mode 0600, its public half beside it) if it does not exist
 * @param segmentBytesMax a segment that would grow beyond this many bytes is closed and a new one begun
 * @param queueMax how many drafts may wait; one more is refused (OVERFLOW)
 * @param queueBytesMax how many bytes of drafts may wait, likewise
 * @param clock the source of the entries' times
 * @param listener receives the events when writing fails and recovers
 */
public record LedgerOptions(
        Path dir,
        String host,
        Path keyFile,
        long segmentBytesMax,
        int queueMax,
        long queueBytesMax,
        InstantSource clock,
        LedgerListener listener) {
    /** Opening reads one segment whole, so this limits how long that takes. */
    public static final long SEGMENT_BYTES_DEFAULT = 8L * 1024 * 1024;

    public LedgerOptions {
        if (segmentBytesMax < 1 || queueMax < 1 || queueBytesMax < 1) {
            throw new IllegalArgumentException("a ledger's limits must be at least 1");
        }
    }

    /** The defaults: {@code host.key} beside the directory, segments of 8 MiB, 65536 drafts or 64 MiB waiting. */
    public static LedgerOptions of(Path dir, String host) {
        return new LedgerOptions(
                dir,
                host,
                keyFileFor(dir),
                SEGMENT_BYTES_DEFAULT,
                65536,
                64L * 1024 * 1024,
                InstantSource.system(),
                new LedgerListener() {});
    }

    /** Returns the default path of the host's private key: {@code host.key} beside the ledger's directory. */
    public static Path keyFileFor(Path dir) {
        return dir.toAbsolutePath().normalize().resolveSibling("host.key");
    }

    /** Returns the default path of the host's public key: {@code host.pub} beside the ledger's directory. */
    public static Path publicKeyFileFor(Path dir) {
        return HostKey.publicFile(keyFileFor(dir));
    }

    /** Returns the path of the public half of a private key: {@code host.pub} for {@code host.key}. */
    public static Path publicKeyFileOf(Path keyFile) {
        return HostKey.publicFile(keyFile.toAbsolutePath().normalize());
    }

    public LedgerOptions withKeyFile(Path value) {
        return new LedgerOptions(dir, host, value, segmentBytesMax, queueMax, queueBytesMax, clock, listener);
    }

    public LedgerOptions withSegmentBytesMax(long value) {
        return new LedgerOptions(dir, host, keyFile, value, queueMax, queueBytesMax, clock, listener);
    }

    public LedgerOptions withQueueMax(int value) {
        return new LedgerOptions(dir, host, keyFile, segmentBytesMax, value, queueBytesMax, clock, listener);
    }

    public LedgerOptions withClock(InstantSource value) {
        return new LedgerOptions(dir, host, keyFile, segmentBytesMax, queueMax, queueBytesMax, value, listener);
    }

    public LedgerOptions withListener(LedgerListener value) {
        return new LedgerOptions(dir, host, keyFile, segmentBytesMax, queueMax, queueBytesMax, clock, value);
    }
}
