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
 * @param beatMs the interval at which it shows its head, if nothing changes and there are few hosts; it looks for
 *     silent hosts as often
 * @param claims whether to report a container that runs here and elsewhere
 */
public record ClusterOptions(
        String host, String version, Path ledgerDir, String key, Path file, long beatMs, boolean claims) {
    static final long BEAT_MS = 2_000;

    /** Creates options with claims on. */
    public ClusterOptions(String host, String version, Path ledgerDir, String key, Path file, long beatMs) {
        this(host, version, ledgerDir, key, file, beatMs, true);
    }

    /** Returns the default options. */
    public static ClusterOptions of(String host, String version, Path ledgerDir, String key) {
        return new ClusterOptions(
                host,
                version,
                ledgerDir,
                key,
                ledgerDir.toAbsolutePath().normalize().resolveSibling("peers.json"),
                BEAT_MS);
    }

    /** Returns the same options with or without claims. */
    public ClusterOptions withClaims(boolean value) {
        return new ClusterOptions(host, version, ledgerDir, key, file, beatMs, value);
    }
}
