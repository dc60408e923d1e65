// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** When the host was started, by its clock as it is now ({@code btime} in proc_stat(5)); a clock that was wrong shows here. */
final class BootTime {
    private static final Path STAT = Path.of("/proc/stat");
    private static final String FIELD = "btime ";

    private BootTime() {}

    /** The time of the boot, to the second; the beginning of time if the kernel does not say. */
    static Instant read() throws IOException {
        return of(Files.readAllLines(STAT));
    }

    static Instant of(List<String> stat) {
        return stat.stream()
                .filter(line -> line.startsWith(FIELD))
                .map(line -> Instant.ofEpochSecond(
                        Long.parseLong(line.substring(FIELD.length()).strip())))
                .findFirst()
                .orElse(Instant.MIN);
    }
}
