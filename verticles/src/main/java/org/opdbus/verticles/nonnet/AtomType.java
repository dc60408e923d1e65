// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonArray;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/** The types of a single value that the tables use ({@code <atomic-type>}, RFC 7047 section 3.2). */
enum AtomType {
    /** A {@link String}. */
    STRING,
    /** A {@link Long}. */
    INTEGER,
    /** A {@link Boolean}. */
    BOOLEAN,
    /** A {@link java.util.UUID}. */
    UUID;

    /** Returns the default value of a column of this type (RFC 7047 section 5.2.1). */
    Object defaultAtom() {
        return switch (this) {
            case STRING -> "";
            case INTEGER -> 0L;
            case BOOLEAN -> false;
            case UUID -> new java.util.UUID(0, 0);
        };
    }

    /** Returns the type's name in a schema. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean admits(Object atom) {
        return atom.getClass() == defaultAtom().getClass();
    }

    /** Reads an {@code <atom>} (RFC 7047 section 5.1). */
    Object parse(@Nullable Object json) {
        if (this == INTEGER && json instanceof Number number) {
            return wholeNumber(number);
        }
        if (this == UUID && json instanceof JsonArray pair) {
            return uuid(pair);
        }
        if (this != INTEGER && this != UUID && json != null && admits(json)) {
            return json;
        }
        throw new NonNetException(Reason.SYNTAX, "expected " + word() + ", found " + Excerpt.of(json));
    }

    private static Long wholeNumber(Number number) {
        if (number instanceof Integer || number instanceof Long) {
            return number.longValue();
        }
        double value = number.doubleValue();
        // JSON has one kind of number: 1.0 is a whole number, as 1 is.
        if (number instanceof Double && value == Math.rint(value) && Math.abs(value) < 0x1p53) {
            return (long) value;
        }
        throw new NonNetException(Reason.SYNTAX, "expected integer, found " + Excerpt.of(number));
    }

    private static java.util.UUID uuid(JsonArray pair) {
        if (pair.size() == 2
                && "uuid".equals(pair.getValue(0))
                && pair.getValue(1) instanceof String text
                && text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            return java.util.UUID.fromString(text);
        }
        throw new NonNetException(Reason.SYNTAX, "expected [\"uuid\", <string>], found " + Excerpt.of(pair));
    }
}
