// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.nio.file.Path;

/**
 * How a host takes part in the exchange of facts.
 *
 * @param host its name, as in its certificate
 * @param version the version of its program
 * @param ledgerDir the folder of its ledger
 * @param key the key that verifies its checkpoints, in the form of {@code host.pub}
 * @param file the file that keeps what it knows about its peers
 * @param windowMax how many of its last events it can send again from memory
 * @param beatMs the interval of its heartbeats
 * @param claims whether to report a container that runs here and elsewhere
 */
public record ClusterOptions(
        String host,
        String version,
        Path ledgerDir,
        String key,
        Path file,
        int windowMax,
        long beatMs,
        boolean claims) {
    static final int WINDOW_MAX = 8192;
    static final long BEAT_MS = 2_000;

    /** Creates options with claims on. */
    public ClusterOptions(
            String host, String version, Path ledgerDir, String key, Path file, int windowMax, long beatMs) {
        this(host, version, ledgerDir, key, file, windowMax, beatMs, true);
    }

    /** Returns the default options. */
    public static ClusterOptions of(String host, String version, Path ledgerDir, String key) {
        return new ClusterOptions(
                host,
                version,
                ledgerDir,
                key,
                ledgerDir.toAbsolutePath().normalize().resolveSibling("siblings.json"),
                WINDOW_MAX,
                BEAT_MS);
    }

    /** Returns the same options with or without claims. */
    public ClusterOptions withClaims(boolean value) {
        return new ClusterOptions(host, version, ledgerDir, key, file, windowMax, beatMs, value);
    }
}
