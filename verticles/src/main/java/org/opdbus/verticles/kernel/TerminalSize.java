// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.util.OptionalInt;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/** The size of the terminal that a descriptor of this process refers to (ioctl_tty(2), TIOCGWINSZ). For any thread. */
public final class TerminalSize {
    private static final int TIOCGWINSZ = 0x5413;
    /** {@code struct winsize}: rows, columns, and two more numbers of 16 bits. */
    private static final int SIZE_BYTES = 8;

    private static final int COLUMNS_OFFSET = 2;

    private TerminalSize() {}

    /** Returns how many columns it has; empty if it is no terminal, or one without a size. */
    public static OptionalInt columns(int descriptor) {
        Pointer size = Memory.allocateDirect(LibC.RUNTIME, SIZE_BYTES, true);
        int columns = LIBC.ioctl(descriptor, TIOCGWINSZ, size) == 0 ? size.getShort(COLUMNS_OFFSET) : 0;
        return columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
    }
}
