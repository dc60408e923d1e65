// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Lower-case hex digits in bytes, as in a line. */
public final class Hex {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    /** The two digits of each byte, the first in the higher half. */
    private static final short[] PAIRS = new short[256];

    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    static {
        for (int b = 0; b < PAIRS.length; b++) {
            PAIRS[b] = (short) (DIGITS[b >> 4] << Byte.SIZE | DIGITS[b & 15]);
        }
    }

    private Hex() {}

    /** Returns whether the digits of a hash are at a position, in lower case. */
    static boolean isHash(byte[] bytes, int from) {
        boolean all = true;
        for (int i = from; i < from + 2 * Sha256.BYTES; i += Long.BYTES) {
            all &= EightBytes.areHex(EightBytes.at(bytes, i));
        }
        return all;
    }

    public static void write(byte[] hash, byte[] into, int at) {
        for (int i = 0; i < Sha256.BYTES; i++) {
            SHORTS.set(into, at + 2 * i, PAIRS[hash[i] & 0xff]);
        }
    }

    /** Returns whether the hash at one position equals the hex digits at another. */
    public static boolean matches(byte[] hash, int hashFrom, byte[] hex, int hexFrom) {
        int different = 0;
        for (int i = 0; i < Sha256.BYTES; i++) {
            different |= (short) SHORTS.get(hex, hexFrom + 2 * i) ^ PAIRS[hash[hashFrom + i] & 0xff];
        }
        return different == 0;
    }

    /** Returns the hash of the hex digits at a position, which must be known to be valid. */
    public static byte[] read(byte[] hex, int from) {
        byte[] hash = new byte[Sha256.BYTES];
        for (int i = 0; i < hash.length; i++) {
            hash[i] = (byte) (Character.digit(hex[from + 2 * i], 16) * 16 + Character.digit(hex[from + 2 * i + 1], 16));
        }
        return hash;
    }
}
