// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

/** Lower-case hex digits in bytes, as they stand in a line. */
final class Hex {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private static final boolean[] IS_DIGIT = new boolean[256];

    static {
        for (byte digit : DIGITS) {
            IS_DIGIT[digit] = true;
        }
    }

    private Hex() {}

    /** Whether the digits of a hash stand at a place, in lower case. */
    static boolean isHash(byte[] bytes, int from) {
        boolean all = true;
        for (int i = from; i < from + 2 * Sha256.BYTES; i++) {
            all &= IS_DIGIT[bytes[i] & 0xff];
        }
        return all;
    }

    static void write(byte[] hash, byte[] into, int at) {
        for (int i = 0; i < Sha256.BYTES; i++) {
            into[at + 2 * i] = DIGITS[(hash[i] >> 4) & 15];
            into[at + 2 * i + 1] = DIGITS[hash[i] & 15];
        }
    }

    /** Whether the hash at a place is the one whose hex digits stand at another. */
    static boolean matches(byte[] hash, int hashFrom, byte[] hex, int hexFrom) {
        for (int i = 0; i < Sha256.BYTES; i++) {
            int b = hash[hashFrom + i];
            if (hex[hexFrom + 2 * i] != DIGITS[(b >> 4) & 15] || hex[hexFrom + 2 * i + 1] != DIGITS[b & 15]) {
                return false;
            }
        }
        return true;
    }

    /** The hash whose hex digits, known to be such, stand at a place. */
    static byte[] read(byte[] hex, int from) {
        byte[] hash = new byte[Sha256.BYTES];
        for (int i = 0; i < hash.length; i++) {
            hash[i] = (byte) (Character.digit(hex[from + 2 * i], 16) * 16 + Character.digit(hex[from + 2 * i + 1], 16));
        }
        return hash;
    }
}
