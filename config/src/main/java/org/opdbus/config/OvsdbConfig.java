// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * How the agent reaches Open vSwitch.
 *
 * @param socket the unix socket of ovsdb-server
 * @param timeoutMs the time limit for an answer; afterwards the agent reconnects
 * @param resyncIntervalMs how often the agent checks every container again although no fact asks for it: a safety net,
 * never the mechanism
 */
public record OvsdbConfig(Path socket, long timeoutMs, long resyncIntervalMs) {
    static final Limit<Path> SOCKET = Limit.socketPath("");
    static final Limit<Long> TIMEOUT_MS = Limit.range(100, 600_000);
    static final Limit<Long> RESYNC_INTERVAL_MS = Limit.range(60_000, 86_400_000);

    public OvsdbConfig {
        SOCKET.check("socket", socket);
        TIMEOUT_MS.check("timeoutMs", timeoutMs);
        RESYNC_INTERVAL_MS.check("resyncIntervalMs", resyncIntervalMs);
    }

    public static OvsdbConfig defaults() {
        return new OvsdbConfig(Path.of("/var/run/openvswitch/db.sock"), 10_000, 300_000);
    }
}
