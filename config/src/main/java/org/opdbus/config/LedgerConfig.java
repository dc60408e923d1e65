// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * Where the ledger is.
 *
 * @param dir the folder of its segments
 * @param keyFile this host's private key, which signs checkpoints; made if absent
 * @param segmentBytesMax the size at which a new segment is begun
 */
public record LedgerConfig(Path dir, Path keyFile, long segmentBytesMax) {
    static final Limit<Path> DIR = Limit.absolutePath();
    static final Limit<Path> KEY_FILE = Limit.absolutePath();
    static final Limit<Long> SEGMENT_BYTES_MAX = Limit.range(65_536, 1_073_741_824);

    public LedgerConfig {
        DIR.check("dir", dir);
        KEY_FILE.check("keyFile", keyFile);
        SEGMENT_BYTES_MAX.check("segmentBytesMax", segmentBytesMax);
    }

    public static LedgerConfig defaults() {
        Path dir = Path.of("/var/lib/op-dbus/ledger");
        return new LedgerConfig(dir, keyFileBeside(dir), 8_388_608);
    }

    /** Returns the default key file of a ledger: beside its folder, so that a copy of the folder contains no key. */
    static Path keyFileBeside(Path dir) {
        return dir.resolve("..").resolve("host.key").normalize();
    }
}
