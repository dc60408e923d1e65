// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

/** The flags of a frame in pcapng (epb_flags): its direction and to whom it was sent. */
final class FrameFlags {
    private static final int PACKET_HOST = 0;
    private static final int PACKET_BROADCAST = 1;
    private static final int PACKET_MULTICAST = 2;
    private static final int PACKET_OTHERHOST = 3;
    private static final int PACKET_OUTGOING = 4;

    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int UNICAST = 1 << 2;
    private static final int MULTICAST = 2 << 2;
    private static final int BROADCAST = 3 << 2;
    private static final int PROMISCUOUS = 4 << 2;

    private FrameFlags() {}

    /** Returns the flags for the kernel's type of a packet, packet(7). */
    static int of(int packetType) {
        return switch (packetType) {
            case PACKET_HOST -> INBOUND | UNICAST;
            case PACKET_BROADCAST -> INBOUND | BROADCAST;
            case PACKET_MULTICAST -> INBOUND | MULTICAST;
            case PACKET_OTHERHOST -> INBOUND | PROMISCUOUS;
            case PACKET_OUTGOING -> OUTBOUND;
            default -> 0;
        };
    }
}
