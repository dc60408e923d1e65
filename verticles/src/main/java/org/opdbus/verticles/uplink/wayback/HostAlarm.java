// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.opdbus.verticles.driver.CommandRunner;

/** Chooses the alarm that this host can have. */
final class HostAlarm {
    /** Is there if systemd is the init (sd_booted(3)). */
    private static final Path SYSTEMD = Path.of("/run/systemd/system");

    private HostAlarm() {}

    static Alarm of(CommandRunner runner) {
        return Files.isDirectory(SYSTEMD, LinkOption.NOFOLLOW_LINKS) ? new SystemdAlarm(runner) : new ProcessAlarm();
    }
}
