// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.util.List;

/** Writes messages as the bus wants them (section "Message Format"), least significant byte first. */
final class MessageEncoder {
    /** Far more than any answer needs; the specification allows 128 MiB. */
    static final int MESSAGE_BYTES_MAX = 8 << 20;

    private static final int VERSION = 1;

    private MessageEncoder() {}

    /**
     * Returns the bytes of a message.
     *
     * @param serial the sender's number of this message, not 0
     * @throws MalformedMessageException if the values do not fit the types, or the message would be too long
     */
    static byte[] encode(BusMessage message, int serial) {
        ValueWriter body = new ValueWriter(256);
        List<ValueType> types = Signature.parse(message.body().signature());
        List<Object> values = message.body().values();
        if (types.size() != values.size()) {
            throw new MalformedMessageException(values.size() + " arguments are given for " + types.size() + " types");
        }
        for (int i = 0; i < types.size(); i++) {
            body.write(types.get(i), values.get(i));
        }
        ValueWriter whole = new ValueWriter(256 + body.length());
        whole.writeByte('l');
        whole.writeByte(message.kind().code());
        whole.writeByte(message.flags());
        whole.writeByte(VERSION);
        whole.writeInt(body.length());
        whole.writeInt(serial);
        fields(message, whole);
        whole.align(8);
        if (whole.length() + body.length() > MESSAGE_BYTES_MAX) {
            throw new MalformedMessageException("a message has more than " + (MESSAGE_BYTES_MAX >> 20) + " MiB");
        }
        whole.append(body.toBytes());
        return whole.toBytes();
    }

    private static void fields(BusMessage message, ValueWriter to) {
        to.writeInt(0);
        int size = to.length() - 4;
        to.align(8);
        int first = to.length();
        message.fields().forEach((field, value) -> field(field, value, to));
        if (!message.body().signature().isEmpty()) {
            field(HeaderField.SIGNATURE, message.body().signature(), to);
        }
        to.replace(size, to.length() - first);
    }

    private static void field(HeaderField field, Object value, ValueWriter to) {
        to.align(8);
        to.writeByte(field.code());
        to.write(new ValueType.Basic('v'), new Variant(field.signature(), value));
    }
}
