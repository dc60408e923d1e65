// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.dbus.wire.BusMessage.Kind;
import org.opdbus.verticles.dbus.wire.ValueType.Basic;

/**
 * Cuts a stream of bytes into messages (section "Message Format"). It holds at most one message of {@link #MESSAGE_BYTES_MAX}.
 * It reads the header of a longer message and passes over the rest, so that the agent can answer the sender.
 */
final class MessageDecoder {
    static final int MESSAGE_BYTES_MAX = 2 << 20;
    private static final int FIXED_BYTES = 16;
    private static final int HEADER_BYTES_MAX = 64 << 10;
    private static final long SPECIFIED_MAX = 1 << 27;

    /** Takes the messages. */
    interface Receiver {
        /** A message has come. */
        void received(BusMessage message);

        /** A message was too long to be read; this is its header. */
        void tooLong(BusMessage header, long bytes);
    }

    private final Receiver receiver;
    private byte[] held = new byte[1024];
    private int length;
    private long passOver;

    MessageDecoder(Receiver receiver) {
        this.receiver = receiver;
    }

    /**
     * Takes more bytes.
     *
     * @throws MalformedMessageException if they are no messages; the stream cannot be read any further then
     */
    void read(byte[] bytes) {
        int from = (int) Math.min(passOver, bytes.length);
        passOver -= from;
        hold(bytes, from);
        int at = 0;
        for (int used = next(at); used > 0; used = next(at)) {
            at += used;
        }
        System.arraycopy(held, at, held, 0, length - at);
        length -= at;
        if (length == 0 && held.length > HEADER_BYTES_MAX) {
            held = new byte[1024];
        }
    }

    private void hold(byte[] bytes, int from) {
        int more = bytes.length - from;
        if (held.length - length < more) {
            held = Arrays.copyOf(held, Math.max(2 * held.length, length + more));
        }
        System.arraycopy(bytes, from, held, length, more);
        length += more;
    }

    /** Returns how many bytes the message at a position takes; 0 if it is not there yet. */
    private int next(int at) {
        if (length - at < FIXED_BYTES) {
            return 0;
        }
        ByteOrder order = order(held[at]);
        int flags = held[at + 2] & 0xff;
        ValueReader fixed = new ValueReader(held, at + 4, FIXED_BYTES - 4, order);
        long bodyBytes = (Long) fixed.value(new Basic('u'));
        int serial = ((Long) fixed.value(new Basic('u'))).intValue();
        long fieldBytes = (Long) fixed.value(new Basic('u'));
        if (fieldBytes > HEADER_BYTES_MAX || bodyBytes > SPECIFIED_MAX) {
            throw new MalformedMessageException("a message is longer than the specification allows");
        }
        int headerBytes = FIXED_BYTES + ((int) fieldBytes + 7 & ~7);
        long whole = headerBytes + bodyBytes;
        boolean isTooLong = whole > MESSAGE_BYTES_MAX;
        if (length - at < (isTooLong ? headerBytes : whole)) {
            return 0;
        }
        Map<HeaderField, Object> fields = fields(new ValueReader(held, at + FIXED_BYTES, (int) fieldBytes, order));
        if (isTooLong) {
            int there = (int) Math.min(whole, length - at);
            passOver = whole - there;
            kind(at).ifPresent(
                            kind -> receiver.tooLong(new BusMessage(kind, flags, serial, fields, Body.EMPTY), whole));
            return there;
        }
        int begin = at + headerBytes;
        byte[] bytes = Arrays.copyOfRange(held, begin, begin + (int) bodyBytes);
        Object types = fields.remove(HeaderField.SIGNATURE);
        Body body =
                Body.received(types instanceof String text ? text : "", new ValueReader(bytes, 0, bytes.length, order));
        kind(at).ifPresent(kind -> receiver.received(new BusMessage(kind, flags, serial, fields, body)));
        return (int) whole;
    }

    private Optional<Kind> kind(int at) {
        int code = held[at + 1] & 0xff;
        if (code == 0) {
            throw new MalformedMessageException("a message is of no kind");
        }
        return Kind.of(code);
    }

    private static ByteOrder order(byte mark) {
        return switch (mark) {
            case 'l' -> ByteOrder.LITTLE_ENDIAN;
            case 'B' -> ByteOrder.BIG_ENDIAN;
            default -> throw new MalformedMessageException("a message does not begin with its byte order");
        };
    }

    private static Map<HeaderField, Object> fields(ValueReader from) {
        Map<HeaderField, Object> fields = new EnumMap<>(HeaderField.class);
        while (from.hasMore()) {
            from.align(8);
            int code = (Byte) from.value(new Basic('y')) & 0xff;
            Variant value = (Variant) from.value(new Basic('v'));
            HeaderField.of(code).ifPresent(field -> {
                if (!value.signature().equals(field.signature())) {
                    throw new MalformedMessageException("a header field has the wrong type");
                }
                fields.put(field, value.value());
            });
        }
        return fields;
    }
}
