// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.dbus.wire.ValueType.ArrayOf;
import org.opdbus.verticles.dbus.wire.ValueType.Basic;
import org.opdbus.verticles.dbus.wire.ValueType.DictionaryOf;
import org.opdbus.verticles.dbus.wire.ValueType.StructOf;

/** Writes values (section "Marshaling"), least significant byte first. */
final class ValueWriter {
    /** What the specification allows for one array. */
    private static final int ARRAY_BYTES_MAX = 1 << 26;

    private byte[] bytes;
    private ByteBuffer view;
    private int length;

    ValueWriter(int expected) {
        bytes = new byte[expected];
        view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int length() {
        return length;
    }

    /** Returns what was written. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Replaces a number that was written at a position. */
    void replace(int position, int value) {
        view.putInt(position, value);
    }

    void append(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    void align(int alignment) {
        int padding = -length & (alignment - 1);
        room(padding);
        // A position is written only once, so the padding is zero.
        length += padding;
    }

    void writeByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    void writeInt(int value) {
        align(4);
        room(4);
        view.putInt(length, value);
        length += 4;
    }

    /**
     * Writes a value.
     *
     * @throws MalformedMessageException if the value does not fit its type
     */
    void write(ValueType type, Object value) {
        try {
            if (type instanceof Basic basic) {
                basic(basic.code(), value);
            } else if (type instanceof ArrayOf array) {
                array(array, (List<?>) value);
            } else if (type instanceof DictionaryOf dictionary) {
                dictionary(dictionary, (Map<?, ?>) value);
            } else {
                struct((StructOf) type, (List<?>) value);
            }
        } catch (ClassCastException e) {
            throw new MalformedMessageException("a value of " + value.getClass() + " does not fit its type " + type);
        }
    }

    private void basic(char code, Object value) {
        switch (code) {
            case 'y' -> writeByte((Byte) value);
            case 'b' -> writeInt((Boolean) value ? 1 : 0);
            case 'n' -> writeShort((Short) value);
            case 'q' -> writeShort((Integer) value);
            case 'i', 'h' -> writeInt((Integer) value);
            case 'u' -> writeInt((int) (long) (Long) value);
            case 'x', 't' -> writeLong((Long) value);
            case 'd' -> writeLong(Double.doubleToLongBits((Double) value));
            case 's' -> text((String) value);
            case 'o' -> text(((ObjectPath) value).value());
            case 'g' -> signature((String) value);
            case 'v' -> {
                Variant variant = (Variant) value;
                signature(variant.signature());
                write(Signature.parseOne(variant.signature()), variant.value());
            }
            default -> throw new IllegalStateException("no basic type has the code " + code);
        }
    }

    private void writeShort(int value) {
        align(2);
        room(2);
        view.putShort(length, (short) value);
        length += 2;
    }

    private void writeLong(long value) {
        align(8);
        room(8);
        view.putLong(length, value);
        length += 8;
    }

    /** A string may not hold the character 0, and nothing that UTF-8 cannot express; both are replaced. */
    private void text(String value) {
        byte[] encoded = value.replace('\0', '\ufffd').getBytes(StandardCharsets.UTF_8);
        writeInt(encoded.length);
        append(encoded);
        writeByte(0);
    }

    private void signature(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.US_ASCII);
        if (encoded.length > Signature.LENGTH_MAX) {
            throw new MalformedMessageException("a signature has more than " + Signature.LENGTH_MAX + " characters");
        }
        writeByte(encoded.length);
        append(encoded);
        writeByte(0);
    }

    private void struct(StructOf type, List<?> fields) {
        if (fields.size() != type.fields().size()) {
            throw new MalformedMessageException("a structure has " + fields.size() + " fields, and its type has "
                    + type.fields().size());
        }
        align(8);
        for (int i = 0; i < fields.size(); i++) {
            write(type.fields().get(i), fields.get(i));
        }
    }

    private void array(ArrayOf type, List<?> elements) {
        int size = beginArray();
        align(type.element().alignment());
        int first = length;
        elements.forEach(element -> write(type.element(), element));
        endArray(size, first);
    }

    private void dictionary(DictionaryOf type, Map<?, ?> entries) {
        int size = beginArray();
        align(8);
        int first = length;
        entries.forEach((key, value) -> {
            align(8);
            write(type.key(), key);
            write(type.value(), value);
        });
        endArray(size, first);
    }

    /** Returns where the size of the array is. */
    private int beginArray() {
        writeInt(0);
        return length - 4;
    }

    /** The size does not count the padding before the first element. */
    private void endArray(int size, int first) {
        if (length - first > ARRAY_BYTES_MAX) {
            throw new MalformedMessageException("an array has more than 64 MiB");
        }
        replace(size, length - first);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
