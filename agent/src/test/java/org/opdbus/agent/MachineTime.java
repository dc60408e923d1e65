// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What all processors of the machine have done since the boot, in milliseconds, for all processes and the kernel. A
 * machine with other work is not suitable for measurements.
 */
final class MachineTime {
    /** Of proc(5), {@code /proc/stat}: user, nice, system, then idle and iowait, then irq and softirq. */
    private static final int[] BUSY = {1, 2, 3, 6, 7};

    /** Linux reports a hundred ticks a second. */
    private static final double TICK_MS = 10;

    private MachineTime() {}

    static double millis() {
        try {
            String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +", -1);
            double ticks = 0;
            for (int field : BUSY) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks * TICK_MS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
