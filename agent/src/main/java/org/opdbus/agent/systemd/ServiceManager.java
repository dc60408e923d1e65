// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.kernel.UnixDatagram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process, and the messages that it expects (sd_notify(3),
 * sd_watchdog_enabled(3)).
 */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final UnixDatagram socket;
    private final Optional<Duration> watchdog;
    private boolean unreachable;

    private ServiceManager(UnixDatagram socket, Optional<Duration> watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /**
     * Returns the service manager that these variables name; empty if there is none.
     *
     * @param environment as {@link System#getenv()} returns it
     * @param pid this process
     */
    public static Optional<ServiceManager> of(Map<String, String> environment, long pid) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ServiceManager(UnixDatagram.to(address), watchdog(environment, pid)));
        } catch (IllegalArgumentException e) {
            // Such as "vsock:2:1234", with which systemd informs the host of a virtual machine.
            LOG.warn("NOTIFY_SOCKET: {}; the agent cannot inform the service manager", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
        String watched = environment.getOrDefault("WATCHDOG_PID", "");
        String limit = environment.getOrDefault("WATCHDOG_USEC", "");
        // The variables may be inherited from a parent process, for which they were set.
        if (!limit.matches("[1-9][0-9]{0,14}") || (!watched.isEmpty() && !watched.equals(Long.toString(pid)))) {
            return Optional.empty();
        }
        return Optional.of(Duration.of(Long.parseLong(limit), ChronoUnit.MICROS));
    }

    /** Returns how long the service manager waits for a sign of life before it ends the process. */
    Optional<Duration> watchdog() {
        return watchdog;
    }

    /**
     * Sends a message to the service manager.
     *
     * @param assignments lines of {@code NAME=value}
     * @return whether it was sent; if not, the caller may send it again later
     */
    synchronized boolean tell(String... assignments) {
        try {
            boolean told = socket.send(String.join("\n", assignments).getBytes(StandardCharsets.UTF_8));
            if (told && unreachable) {
                LOG.info("the service manager can be reached again");
                unreachable = false;
            }
            return told;
        } catch (IOException e) {
            if (!unreachable) {
                LOG.warn("cannot report the state of the agent to the service manager: {}", e.getMessage());
                unreachable = true;
            }
            return false;
        }
    }
}
