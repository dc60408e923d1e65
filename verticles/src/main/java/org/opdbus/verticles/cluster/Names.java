// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

/** Limits names on the wire: a maximum length, and a form that can be written. */
final class Names {
    private Names() {}

    /** Returns the name, cut to the limit; half a surrogate pair becomes U+FFFD. */
    static String clipped(String name, int lengthMax) {
        if (name.length() <= lengthMax && JsonSize.ofText(name) < JsonSize.UNWRITABLE) {
            return name;
        }
        int room = name.length() <= lengthMax ? lengthMax : lengthMax - 1;
        StringBuilder clipped = new StringBuilder();
        name.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .takeWhile(c -> clipped.length() + Character.charCount(c) <= room)
                .forEachOrdered(clipped::appendCodePoint);
        return name.length() <= lengthMax
                ? clipped.toString()
                : clipped.append('…').toString();
    }
}
