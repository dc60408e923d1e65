// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.opdbus.verticles.jsonrpc.JsonRpcLimits;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * The options of the server.
 *
 * @param socket the unix socket; its folder must exist
 * @param group the group whose members may connect; if the group does not exist, only root may connect
 * @param host this host's name, which is part of the rows' identifiers
 * @param clientsMax the largest number of connected clients
 * @param monitorsMax the largest number of monitors of a client
 * @param limits the limits of one connection
 * @param budget the limit of the memory that all clients together use, in answers that they do not read and requests that
 *     they do not finish
 * @param probeInterval the server sends an echo request to a client that was silent for this long, and gives it the same time
 *     to answer
 * @param linger how long the rows stay in memory after the last client has gone; empty if they always exist
 */
public record NonNetOptions(
        Path socket,
        String group,
        String host,
        int clientsMax,
        int monitorsMax,
        JsonRpcLimits limits,
        ByteBudget budget,
        Duration probeInterval,
        Optional<Duration> linger) {
    /** The limits for short requests that the server answers one after the other, and for clients that read slowly. */
    private static final JsonRpcLimits LIMITS = new JsonRpcLimits(256 << 10, 16_384, 32, 1, 4 << 20);

    /** Longer than the pause of a program that connects once a minute. */
    private static final Duration LINGER = Duration.ofMinutes(2);

    public NonNetOptions {
        if (clientsMax < 1 || monitorsMax < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
        if (probeInterval.toMillis() < 1) {
            throw new IllegalArgumentException("the interval must be at least 1 ms");
        }
    }

    /**
     * Returns the default options for this socket.
     *
     * @param peers whether there can be rows of other hosts. They say since when this host knows a container of another one.
     *     Nothing else keeps that time, so then the rows always exist.
     */
    public static NonNetOptions of(Path socket, String host, ByteBudget budget, boolean peers) {
        return new NonNetOptions(
                socket,
                "op-dbus",
                host,
                512,
                64,
                LIMITS,
                budget,
                Duration.ofSeconds(5),
                peers ? Optional.empty() : Optional.of(LINGER));
    }
}
