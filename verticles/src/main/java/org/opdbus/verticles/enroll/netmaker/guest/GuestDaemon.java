// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import java.util.Optional;
import java.util.Set;

/**
 * The state of netclient's daemon in a container: its process and its unit.
 *
 * @param running whether the process runs that netclient's pid file names
 * @param systemd whether systemd is the container's init (sd_booted(3))
 * @param load {@code LoadState} of netclient.service; empty if systemd is not there or did not say
 * @param active {@code ActiveState} of netclient.service; empty likewise
 */
public record GuestDaemon(boolean running, boolean systemd, String load, String active) {
    /** What "netclient install" does, and where it does nothing. */
    public static final String INSTALL_REMEDY = "in the container, put netclient into a folder such as /root and run"
            + " \"/root/netclient install\" there (it takes about 20 s); \"netclient install\" run from /usr/bin installs"
            + " nothing, and its exit code is 0 all the same";

    private static final String START_REMEDY = "start it: \"systemctl enable --now netclient\" in the container";
    private static final String SUPERVISE_REMEDY =
            "run \"netclient daemon\" in the container under its init; without systemd nothing else starts it";

    /** The state by the words of {@link GuestCommands#inspect}. */
    public static GuestDaemon of(Set<String> found) {
        String active = value(found, "ActiveState");
        boolean booting = Set.of("initializing", "starting").contains(value(found, "System"));
        return new GuestDaemon(
                found.contains("daemon"),
                found.contains("systemd"),
                value(found, "LoadState"),
                // A unit whose turn has not come yet while the container boots.
                booting && active.equals("inactive") ? "activating" : active);
    }

    private static String value(Set<String> found, String key) {
        return found.stream()
                .filter(word -> word.startsWith(key + "="))
                .map(word -> word.substring(key.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** Whether the service is missing although only a service would start the daemon here. */
    public boolean isNotInstalled() {
        return !running && systemd && load.equals("not-found");
    }

    /** Whether systemd is about to start it: its unit sleeps 17 s before the daemon works. */
    public boolean isStarting() {
        return active.equals("activating") || active.equals("reloading");
    }

    /** What is wrong with it; empty if it runs or is about to. */
    public Optional<String> wrong() {
        if (running || isStarting() || active.equals("active")) {
            return Optional.empty();
        }
        if (isNotInstalled()) {
            return Optional.of("netclient's service is not installed in it");
        }
        return Optional.of(
                "netclient's daemon does not run in it" + (active.isEmpty() ? "" : " (its service is " + active + ")"));
    }

    /** What the user has to do about that. */
    public String remedy() {
        if (isNotInstalled()) {
            return INSTALL_REMEDY;
        }
        return systemd ? START_REMEDY : SUPERVISE_REMEDY;
    }
}
