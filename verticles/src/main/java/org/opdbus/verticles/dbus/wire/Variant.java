// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.util.List;
import java.util.Map;

/**
 * A value together with its type.
 *
 * @param signature one complete type
 * @param value a value of that type, as the package's page says
 */
public record Variant(String signature, Object value) {
    /** Returns a variant with a string. */
    public static Variant of(String value) {
        return new Variant("s", value);
    }

    /** Returns a variant with a truth value. */
    public static Variant of(boolean value) {
        return new Variant("b", value);
    }

    /** Returns a variant with an unsigned 32-bit number. */
    public static Variant ofUint32(long value) {
        return new Variant("u", value);
    }

    /** Returns a variant with an unsigned 64-bit number. */
    public static Variant ofUint64(long value) {
        return new Variant("t", value);
    }

    /** Returns a variant with strings. */
    public static Variant ofStrings(List<String> values) {
        return new Variant("as", values);
    }

    /** Returns a variant with a dictionary of strings. */
    public static Variant ofStrings(Map<String, String> values) {
        return new Variant("a{ss}", values);
    }
}
