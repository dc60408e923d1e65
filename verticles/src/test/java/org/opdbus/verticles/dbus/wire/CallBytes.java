// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes that a client sends which does not wait for an answer and obeys no limit. */
public final class CallBytes {
    /** The number of the first call; that of Hello is before it. */
    public static final int FIRST_SERIAL = 2;

    private static final int SERIAL_AT = 8;

    private final List<byte[]> calls;
    private int made;

    /** Creates the bytes of these calls, which are sent again and again in their order. */
    public CallBytes(List<BusMessage> calls) {
        this.calls = calls.stream().map(call -> MessageEncoder.encode(call, 1)).toList();
    }

    /** Returns the bytes by which a connection of this user begins. */
    public static byte[] greeting(int uid) {
        StringBuilder hex = new StringBuilder();
        Integer.toString(uid).chars().forEach(digit -> hex.append(Integer.toHexString(digit)));
        byte[] lines = ("\0AUTH EXTERNAL " + hex + "\r\nBEGIN\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] hello = MessageEncoder.encode(BusMessage.call(BusConnection.bus("Hello"), Body.EMPTY), 1);
        return ByteBuffer.allocate(lines.length + hello.length)
                .put(lines)
                .put(hello)
                .array();
    }

    /** Returns so many calls, each with a number of its own. */
    public byte[] next(int count) {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += calls.get((made + i) % calls.size()).length;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int begin = all.position();
            all.put(calls.get(made % calls.size()));
            all.putInt(begin + SERIAL_AT, FIRST_SERIAL + made);
            made++;
        }
        return all.array();
    }

    /** Returns the whole messages among the bytes that a bus has sent to a connection. */
    public static List<BusMessage> received(byte[] bytes) {
        List<BusMessage> messages = new ArrayList<>();
        int end = 0;
        // The line that ends the greeting.
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        if (end < bytes.length) {
            new MessageDecoder(new MessageDecoder.Receiver() {
                        @Override
                        public void received(BusMessage message) {
                            messages.add(message);
                        }

                        @Override
                        public void tooLong(BusMessage header, long length) {
                            throw new AssertionError("no test gets so long an answer");
                        }
                    })
                    .read(Arrays.copyOfRange(bytes, end + 1, bytes.length));
        }
        return messages;
    }
}
