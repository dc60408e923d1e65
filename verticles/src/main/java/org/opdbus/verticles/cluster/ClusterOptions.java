// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.nio.file.Path;

/**
 * How a host takes part in what travels.
 *
 * @param host its name, as its certificate bears it
 * @param version of its program
 * @param ledgerDir its ledger
 * @param key by which its checkpoints are checked, in the form of {@code host.pub}
 * @param file where it remembers its siblings
 * @param windowMax how many of its last events can be sent again from memory
 * @param beatMs how often it tells how far it has come
 * @param claims whether a container that runs here and elsewhere is told
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

    /** Those that say nothing of claims, which are told then. */
    public ClusterOptions(
            String host, String version, Path ledgerDir, String key, Path file, int windowMax, long beatMs) {
        this(host, version, ledgerDir, key, file, windowMax, beatMs, true);
    }

    /** The usual ones. */
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

    /** The same, with or without claims. */
    public ClusterOptions withClaims(boolean value) {
        return new ClusterOptions(host, version, ledgerDir, key, file, windowMax, beatMs, value);
    }
}
