// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks eight bytes at once, taken as one number whose lowest byte is the first. A result has the highest bit of
 * each matching byte set.
 */
final class EightBytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private EightBytes() {}

    static long at(byte[] bytes, int from) {
        return (long) LONGS.get(bytes, from);
    }

    /**
     * Returns how many of the bytes, from the first on, need no escape in a JSON string: ASCII, no control character,
     * no quote, no backslash.
     */
    static int plain(long bytes) {
        // A borrow can only spoil bytes above a match, and only the lowest match counts.
        long special = (bytes | below(bytes, ' ') | equal(bytes, '"') | equal(bytes, '\\')) & HIGH;
        return Long.numberOfTrailingZeros(special) / Byte.SIZE;
    }

    private static long below(long bytes, int limit) {
        return (bytes - limit * EACH) & ~bytes;
    }

    private static long equal(long bytes, int wanted) {
        long difference = bytes ^ (wanted * EACH);
        return (difference - EACH) & ~difference;
    }

    /** Returns whether all are lower-case hex digits. */
    static boolean areHex(long bytes) {
        // Without highest bits no addition carries into the next byte.
        long digit = atLeast(bytes, '0') & ~atLeast(bytes, '9' + 1);
        long letter = atLeast(bytes, 'a') & ~atLeast(bytes, 'f' + 1);
        return ((digit | letter) & ~bytes & HIGH) == HIGH;
    }

    private static long atLeast(long bytes, int limit) {
        return (bytes & ~HIGH) + (0x80 - limit) * EACH;
    }
}
