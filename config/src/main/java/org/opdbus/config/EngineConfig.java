// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.config.json.Limit;

/**
 * How to reach an engine that runs containers.
 *
 * @param socket the unix socket of its API; empty if the agent does not look at it
 */
public record EngineConfig(String socket) {
    static final Limit<String> SOCKET = Limit.that(
            socket -> socket.isEmpty()
                    || (socket.startsWith("/")
                            && socket.indexOf('\0') < 0
                            && socket.getBytes(StandardCharsets.UTF_8).length <= Limit.SOCKET_PATH_BYTES_MAX),
            "must be an absolute path of at most " + Limit.SOCKET_PATH_BYTES_MAX + " bytes, or empty");

    public EngineConfig {
        SOCKET.check("socket", socket);
    }

    /** Returns the socket, if the agent looks at this engine. */
    public Optional<Path> path() {
        return socket.isEmpty() ? Optional.empty() : Optional.of(Path.of(socket));
    }
}
