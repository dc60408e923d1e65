// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The host's last start.
 *
 * @param time when it was, by the host's clock as it is now (proc_stat(5)): a clock that was set since then has
 *     moved it
 * @param id which one it was, whatever the clock says (random(4), {@code boot_id})
 */
record Boot(Instant time, String id) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String FIELD = "btime ";

    /** What the kernel says. */
    static Boot read() throws IOException {
        return new Boot(timeIn(Files.readAllLines(STAT)), Files.readString(ID).strip());
    }

    /** The time of the boot, to the second; the beginning of time if the kernel does not say. */
    static Instant timeIn(List<String> stat) {
        return stat.stream()
                .filter(line -> line.startsWith(FIELD))
                .map(line -> Instant.ofEpochSecond(
                        Long.parseLong(line.substring(FIELD.length()).strip())))
                .findFirst()
                .orElse(Instant.MIN);
    }
}
