// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How to reach Open vSwitch's database.
 *
 * @param socket its unix socket
 * @param callLimit the time limit for an answer
 * @param probeInterval how long the server may be silent before the client sends a probe
 * @param reconnectDelayMin the first pause between two attempts to connect; it doubles
 * @param reconnectDelayMax the longest pause
 */
public record OvsdbOptions(
        Path socket,
        Duration callLimit,
        Duration probeInterval,
        Duration reconnectDelayMin,
        Duration reconnectDelayMax) {
    public OvsdbOptions {
        if (callLimit.toMillis() < 1 || probeInterval.toMillis() < 1 || reconnectDelayMin.toMillis() < 1) {
            throw new IllegalArgumentException("limits and intervals must be at least 1 ms");
        }
        if (reconnectDelayMax.compareTo(reconnectDelayMin) < 0) {
            throw new IllegalArgumentException("reconnectDelayMax is shorter than reconnectDelayMin");
        }
    }

    /** Returns the default times for this socket. */
    public static OvsdbOptions of(Path socket) {
        return new OvsdbOptions(
                socket, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofSeconds(1));
    }
}
