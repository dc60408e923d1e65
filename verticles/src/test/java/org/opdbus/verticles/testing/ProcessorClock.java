// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Out;

/**
 * The processor time of another process in nanoseconds: of all its threads, also those that have ended, in the kernel and
 * outside (clock_getcpuclockid(3)). {@code /proc/PID/stat} counts the same in steps of ten milliseconds. For any thread.
 */
public final class ProcessorClock {
    private static final int TIMESPEC_BYTES = 16;
    private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    private final int clock;
    private final long pid;

    /** Functions of libc, under its names. */
    public interface Libc {
        // The functions of clock_getcpuclockid(3) and clock_gettime(2) keep libc's names.
        int clock_getcpuclockid(int pid, @Out int[] clock);

        int clock_gettime(int clock, @Out byte[] timespec);
    }

    private ProcessorClock(long pid, int clock) {
        this.pid = pid;
        this.clock = clock;
    }

    /** Opens the clock of a process that runs. */
    public static ProcessorClock of(long pid) {
        int[] clock = new int[1];
        if (LIBC.clock_getcpuclockid(Math.toIntExact(pid), clock) != 0) {
            throw new AssertionError("process " + pid + " has no processor clock; does it run?");
        }
        return new ProcessorClock(pid, clock[0]);
    }

    /** Returns the processor time so far. */
    public long nanos() {
        byte[] timespec = new byte[TIMESPEC_BYTES];
        if (LIBC.clock_gettime(clock, timespec) != 0) {
            throw new AssertionError("cannot read the processor clock of process " + pid + "; has it ended?");
        }
        ByteBuffer fields = ByteBuffer.wrap(timespec).order(ByteOrder.nativeOrder());
        return fields.getLong() * 1_000_000_000L + fields.getLong();
    }
}
