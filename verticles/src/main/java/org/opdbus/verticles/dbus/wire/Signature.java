// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.dbus.wire.ValueType.ArrayOf;
import org.opdbus.verticles.dbus.wire.ValueType.Basic;
import org.opdbus.verticles.dbus.wire.ValueType.DictionaryOf;
import org.opdbus.verticles.dbus.wire.ValueType.StructOf;

/** Reads type signatures (section "Type System"). A signature has at most 255 characters, and types nest 32 deep at most. */
final class Signature {
    static final int LENGTH_MAX = 255;
    private static final int DEPTH_MAX = 32;
    private static final String BASIC = "ybnqiuxtdsogvh";

    private final String text;
    private int at;

    private Signature(String text) {
        this.text = text;
    }

    /**
     * Returns the complete types of a signature, in order.
     *
     * @throws MalformedMessageException if this is no signature
     */
    static List<ValueType> parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new MalformedMessageException("a signature has more than " + LENGTH_MAX + " characters");
        }
        Signature reader = new Signature(text);
        List<ValueType> types = new ArrayList<>();
        while (reader.at < text.length()) {
            types.add(reader.type(0));
        }
        return types;
    }

    /**
     * Returns the only complete type of a signature.
     *
     * @throws MalformedMessageException if the signature has none or several
     */
    static ValueType parseOne(String text) {
        List<ValueType> types = parse(text);
        if (types.size() != 1) {
            throw new MalformedMessageException("a variant must have one complete type");
        }
        return types.get(0);
    }

    private ValueType type(int depth) {
        if (depth > DEPTH_MAX) {
            throw new MalformedMessageException("types nest more than " + DEPTH_MAX + " deep");
        }
        char code = next();
        if (code == '(') {
            return struct(depth);
        }
        if (code == 'a') {
            return peek() == '{' ? dictionary(depth) : new ArrayOf(type(depth + 1));
        }
        if (BASIC.indexOf(code) < 0) {
            throw new MalformedMessageException("a signature has an unknown type code");
        }
        return new Basic(code);
    }

    private ValueType struct(int depth) {
        List<ValueType> fields = new ArrayList<>();
        while (peek() != ')') {
            fields.add(type(depth + 1));
        }
        at++;
        if (fields.isEmpty()) {
            throw new MalformedMessageException("a structure has no field");
        }
        return new StructOf(fields);
    }

    private ValueType dictionary(int depth) {
        at++;
        if (!(type(depth + 1) instanceof Basic key) || !key.isKey()) {
            throw new MalformedMessageException("the key of a dictionary must be a basic type");
        }
        ValueType value = type(depth + 1);
        if (next() != '}') {
            throw new MalformedMessageException("a dictionary entry must have one key and one value");
        }
        return new DictionaryOf(key, value);
    }

    private char peek() {
        if (at >= text.length()) {
            throw new MalformedMessageException("a signature ends too early");
        }
        return text.charAt(at);
    }

    private char next() {
        char code = peek();
        at++;
        return code;
    }
}
