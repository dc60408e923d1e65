// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

/** Names as they travel: of limited length, and in a form that can be written. */
final class Names {
    private Names() {}

    /** The name, or as much of it as may travel; half a surrogate pair becomes U+FFFD. */
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
