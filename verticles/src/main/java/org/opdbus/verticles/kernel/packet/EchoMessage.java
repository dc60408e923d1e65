// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.packet;

import java.nio.ByteBuffer;

/** ICMP echo messages (RFC 792, RFC 4443 section 4). Pure. */
final class EchoMessage {
    private static final int BYTES = 16;
    private static final byte REQUEST = 8;
    private static final byte REPLY = 0;
    private static final byte REQUEST_OF_IPV6 = (byte) 128;
    private static final byte REPLY_OF_IPV6 = (byte) 129;
    private static final int IPV4_HEADER_BYTES_MIN = 20;

    private EchoMessage() {}

    /** Returns a request that carries this number; the kernel itself fills in the checksum of IPv6. */
    static byte[] request(boolean isIpv6, long number) {
        ByteBuffer message = ByteBuffer.allocate(BYTES)
                .put(0, isIpv6 ? REQUEST_OF_IPV6 : REQUEST)
                .putInt(4, (int) number)
                .putLong(8, number);
        if (!isIpv6) {
            message.putShort(2, checksum(message.array()));
        }
        return message.array();
    }

    /** Returns whether a packet of a raw socket, which for IPv4 begins with the header of IP, answers the request. */
    static boolean isReply(ByteBuffer packet, boolean isIpv6, long number) {
        int start = 0;
        if (!isIpv6) {
            if (packet.limit() < IPV4_HEADER_BYTES_MIN) {
                return false;
            }
            start = (packet.get(0) & 0xf) * Integer.BYTES;
        }
        return packet.limit() - start >= BYTES
                && packet.get(start) == (isIpv6 ? REPLY_OF_IPV6 : REPLY)
                && packet.getLong(start + 8) == number;
    }

    /** Returns the internet's checksum (RFC 1071) of an even number of bytes. */
    static short checksum(byte[] bytes) {
        ByteBuffer words = ByteBuffer.wrap(bytes);
        int sum = 0;
        while (words.remaining() >= Short.BYTES) {
            sum += words.getShort() & 0xffff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
