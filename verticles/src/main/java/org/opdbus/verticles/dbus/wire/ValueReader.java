// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.dbus.wire.ValueType.ArrayOf;
import org.opdbus.verticles.dbus.wire.ValueType.Basic;
import org.opdbus.verticles.dbus.wire.ValueType.DictionaryOf;
import org.opdbus.verticles.dbus.wire.ValueType.StructOf;

/**
 * Reads values (section "Marshaling"). It never reads beyond its bytes, never makes anything before the bytes for it are there,
 * and makes at most {@link #VALUES_MAX} values.
 */
final class ValueReader {
    static final int VALUES_MAX = 65_536;
    private static final int DEPTH_MAX = 64;

    private final ByteBuffer bytes;
    private int values;
    private int depth;

    /** Creates a reader of these bytes, which begin at a multiple of 8 in the message. */
    ValueReader(byte[] array, int from, int length, ByteOrder order) {
        bytes = ByteBuffer.wrap(array, from, length).slice().order(order);
    }

    private ValueReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Returns another reader of the same bytes. */
    ValueReader fromStart() {
        ByteBuffer again = bytes.duplicate().order(bytes.order());
        again.rewind();
        return new ValueReader(again);
    }

    /** Returns one value of each type, which must be all that there is. */
    List<Object> values(List<ValueType> types) {
        List<Object> read = new ArrayList<>(types.size());
        types.forEach(type -> read.add(value(type)));
        if (bytes.hasRemaining()) {
            throw new MalformedMessageException("a body is longer than its signature says");
        }
        return read;
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    /** Returns the next value. */
    Object value(ValueType type) {
        if (++values > VALUES_MAX) {
            throw new MalformedMessageException("a message has more than " + VALUES_MAX + " values");
        }
        align(type.alignment());
        if (type instanceof Basic basic) {
            return basic(basic.code());
        }
        if (++depth > DEPTH_MAX) {
            throw new MalformedMessageException("values nest more than " + DEPTH_MAX + " deep");
        }
        Object read = type instanceof StructOf struct
                ? struct(struct)
                : type instanceof ArrayOf array ? array(array) : dictionary((DictionaryOf) type);
        depth--;
        return read;
    }

    private Object basic(char code) {
        return switch (code) {
            case 'y' -> need(1).get();
            case 'b' -> truth();
            case 'n' -> need(2).getShort();
            case 'q' -> need(2).getShort() & 0xffff;
            case 'i', 'h' -> need(4).getInt();
            case 'u' -> need(4).getInt() & 0xffff_ffffL;
            case 'x', 't' -> need(8).getLong();
            case 'd' -> need(8).getDouble();
            case 's' -> text(length(need(4).getInt()));
            case 'o' -> path();
            case 'g' -> signature();
            case 'v' -> variant();
            default -> throw new IllegalStateException("no basic type has the code " + code);
        };
    }

    private boolean truth() {
        int value = need(4).getInt();
        if (value != 0 && value != 1) {
            throw new MalformedMessageException("a truth value is neither 0 nor 1");
        }
        return value == 1;
    }

    private ObjectPath path() {
        return new ObjectPath(text(length(need(4).getInt())));
    }

    private String signature() {
        return text(need(1).get() & 0xff);
    }

    private Variant variant() {
        String types = signature();
        if (++depth > DEPTH_MAX) {
            throw new MalformedMessageException("values nest more than " + DEPTH_MAX + " deep");
        }
        Variant read = new Variant(types, value(Signature.parseOne(types)));
        depth--;
        return read;
    }

    private List<Object> struct(StructOf type) {
        List<Object> fields = new ArrayList<>(type.fields().size());
        type.fields().forEach(field -> fields.add(value(field)));
        return fields;
    }

    private List<Object> array(ArrayOf type) {
        int end = arrayEnd(type.element().alignment());
        List<Object> elements = new ArrayList<>();
        while (bytes.position() < end) {
            elements.add(value(type.element()));
        }
        requireEnd(end);
        return elements;
    }

    private Map<Object, Object> dictionary(DictionaryOf type) {
        int end = arrayEnd(8);
        Map<Object, Object> entries = new LinkedHashMap<>();
        while (bytes.position() < end) {
            align(8);
            Object key = value(type.key());
            entries.put(key, value(type.value()));
        }
        requireEnd(end);
        return entries;
    }

    private int arrayEnd(int alignment) {
        int length = length(need(4).getInt());
        align(alignment);
        need(length);
        return bytes.position() + length;
    }

    private void requireEnd(int end) {
        if (bytes.position() != end) {
            throw new MalformedMessageException("an array does not end where its length says");
        }
    }

    private int length(int value) {
        if (value < 0) {
            throw new MalformedMessageException("a length is out of range");
        }
        return value;
    }

    private String text(int length) {
        need(length + 1);
        ByteBuffer part = bytes.slice();
        part.limit(length);
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(part);
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException("a string is not UTF-8");
        }
        bytes.position(bytes.position() + length);
        if (bytes.get() != 0) {
            throw new MalformedMessageException("a string does not end with a zero byte");
        }
        return text.toString();
    }

    void align(int alignment) {
        int padding = -bytes.position() & (alignment - 1);
        need(padding);
        bytes.position(bytes.position() + padding);
    }

    private ByteBuffer need(int count) {
        if (count < 0 || bytes.remaining() < count) {
            throw new MalformedMessageException("a message ends too early");
        }
        return bytes;
    }
}
