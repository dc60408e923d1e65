// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.nio.file.Path;
import java.time.Duration;
import org.opdbus.verticles.jsonrpc.JsonRpcLimits;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * How the database is served.
 *
 * @param socket the unix socket; its folder must exist
 * @param group the group whose members may connect; if there is none of that name, root's only
 * @param host this host's name, which is part of the rows' identifiers
 * @param clientsMax how many clients may be connected at a time
 * @param monitorsMax how many monitors a client may have
 * @param limits what one connection may cost
 * @param budget what all clients may make the agent hold, in answers that they do not read and requests that they do not
 *     finish
 * @param probeInterval how long a client may be silent before it is asked for a sign of life, and how long it may take
 *     to give one
 */
public record NonNetOptions(
        Path socket,
        String group,
        String host,
        int clientsMax,
        int monitorsMax,
        JsonRpcLimits limits,
        ByteBudget budget,
        Duration probeInterval) {
    /** For requests, which are short and answered one after the other, from many clients, of which some read slowly. */
    private static final JsonRpcLimits LIMITS = new JsonRpcLimits(256 << 10, 16_384, 32, 1, 4 << 20);

    public NonNetOptions {
        if (clientsMax < 1 || monitorsMax < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
        if (probeInterval.toMillis() < 1) {
            throw new IllegalArgumentException("the interval must be at least 1 ms");
        }
    }

    /** The usual measures for this socket. */
    public static NonNetOptions of(Path socket, String host, ByteBudget budget) {
        return new NonNetOptions(socket, "op-dbus", host, 512, 64, LIMITS, budget, Duration.ofSeconds(5));
    }
}
