// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bytes that a client sends which does not wait for an answer and obeys no limit. */
public final class CallBytes {
    private static final int SERIAL_AT = 8;

    private final List<byte[]> calls;
    private int lastSerial = 1;

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
            bytes += calls.get(i % calls.size()).length;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int begin = all.position();
            all.put(calls.get(i % calls.size()));
            lastSerial++;
            all.putInt(begin + SERIAL_AT, lastSerial);
        }
        return all.array();
    }
}
