// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * Where the agent keeps files that last as long as it runs.
 *
 * @param dir the folder of its sockets, created if absent
 */
public record RuntimeConfig(Path dir) {
    private static final String CONTROL_SOCKET = "control.sock";
    private static final String NONNET_SOCKET = "nonnet.db.sock";

    static final Limit<Path> DIR = Limit.socketPath("/" + NONNET_SOCKET);

    public RuntimeConfig {
        DIR.check("dir", dir);
    }

    public static RuntimeConfig defaults() {
        return new RuntimeConfig(Path.of("/run/op-dbus"));
    }

    /** Returns the socket of the command line's requests; for root only. */
    public Path controlSocket() {
        return dir.resolve(CONTROL_SOCKET);
    }

    /** Returns the socket of the read-only database (RFC 7047). */
    public Path nonnetSocket() {
        return dir.resolve(NONNET_SOCKET);
    }
}
