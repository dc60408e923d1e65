// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.commit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The host's last boot.
 *
 * @param time its time, by the host's present clock (proc_stat(5)): setting the clock moves it
 * @param id identifies the boot independently of the clock (random(4), {@code boot_id})
 */
public record Boot(Instant time, String id) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String FIELD = "btime ";

    /** Reads the kernel's values. */
    public static Boot read() throws IOException {
        return new Boot(timeIn(Files.readAllLines(STAT)), Files.readString(ID).strip());
    }

    /** Returns the time of the boot, to the second; {@link Instant#MIN} if the kernel does not report it. */
    static Instant timeIn(List<String> stat) {
        return stat.stream()
                .filter(line -> line.startsWith(FIELD))
                .map(line -> line.substring(FIELD.length()).strip())
                .filter(seconds -> seconds.matches("[0-9]{1,11}"))
                .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
                .findFirst()
                .orElse(Instant.MIN);
    }
}
