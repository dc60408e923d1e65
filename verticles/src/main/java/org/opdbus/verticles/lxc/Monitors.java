// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.verticles.kernel.AbstractSocket;
import org.opdbus.verticles.kernel.Poller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the monitors of the containers of one lxc.path.
 *
 * <p>Any user can listen under an abstract name, and could name any process as the init of a
 * container. So the agent asks the kernel for the user of the listener (unix(7), SO_PEERCRED). It
 * trusts only root, its own user, and the owner of lxc.path, who decides which containers exist.
 *
 * @param poller the poller that watches the connections
 * @param lxcPath the folder that holds the containers' definitions
 */
record Monitors(Poller poller, Path lxcPath) {
    private static final Logger LOG = LoggerFactory.getLogger(Monitors.class);
    private static final int ROOT = 0;

    /**
     * Connects; empty if no process listens under this name, or if the listener's user is not
     * trusted.
     */
    Optional<AbstractSocket> connect(String name) throws IOException {
        return connect(name, lxcPath);
    }

    static Optional<AbstractSocket> connect(String name, Path lxcPath) throws IOException {
        Optional<AbstractSocket> connected = AbstractSocket.connect(name);
        if (connected.isPresent()) {
            int user = connected.get().peerUser();
            if (!isBelieved(user, lxcPath)) {
                connected.get().close();
                LOG.warn(
                        "socket=@{} is ignored: its listener runs as user {}, who does not own "
                                + "the containers in {}",
                        name,
                        user,
                        lxcPath);
                return Optional.empty();
            }
        }
        return connected;
    }

    private static boolean isBelieved(int user, Path lxcPath) throws IOException {
        return user == ROOT
                || Integer.valueOf(user).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                || (Files.exists(lxcPath) && Integer.valueOf(user).equals(Files.getAttribute(lxcPath, "unix:uid")));
    }
}
