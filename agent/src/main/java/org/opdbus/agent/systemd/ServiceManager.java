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

/** The service manager that started this process, and what it wants to hear (sd_notify(3), sd_watchdog_enabled(3)). */
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
     * The one that these variables name; empty if nobody wants to be told.
     *
     * @param environment as {@link System#getenv()} has it
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
            // Such as "vsock:2:1234", by which systemd tells the host of a virtual machine.
            LOG.warn("NOTIFY_SOCKET: {}; the service manager is told nothing", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
        String watched = environment.getOrDefault("WATCHDOG_PID", "");
        String limit = environment.getOrDefault("WATCHDOG_USEC", "");
        // The variables may have been inherited from a process that was meant.
        if (!limit.matches("[1-9][0-9]{0,14}") || (!watched.isEmpty() && !watched.equals(Long.toString(pid)))) {
            return Optional.empty();
        }
        return Optional.of(Duration.of(Long.parseLong(limit), ChronoUnit.MICROS));
    }

    /** How long it waits for a sign of life before it ends the process. */
    Optional<Duration> watchdog() {
        return watchdog;
    }

    /**
     * Tells it something.
     *
     * @param assignments lines of {@code NAME=value}
     * @return whether it has been told; if not, the same may be said again later
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
                LOG.warn("the service manager cannot be told how the agent is: {}", e.getMessage());
                unreachable = true;
            }
            return false;
        }
    }
}
