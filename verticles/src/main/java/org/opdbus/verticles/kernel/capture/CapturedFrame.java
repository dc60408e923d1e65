// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.capture;

import jnr.ffi.Pointer;

/**
 * The frame that a ring shows at the moment. There is one object for all frames of a ring, so that a frame costs no memory; it is
 * valid until the visitor returns.
 *
 * <p>The offsets are those of {@code struct tpacket3_hdr} and the {@code struct sockaddr_ll} behind it ({@code
 * linux/if_packet.h}).
 */
public final class CapturedFrame {
    private static final int SECONDS_AT = 4;
    private static final int NANOSECONDS_AT = 8;
    private static final int KEPT_AT = 12;
    private static final int LENGTH_AT = 16;
    private static final int STATUS_AT = 20;
    private static final int MAC_AT = 24;
    private static final int VLAN_TCI_AT = 32;
    private static final int VLAN_TPID_AT = 36;
    private static final int PACKET_TYPE_AT = 48 + 10;
    private static final int VLAN_VALID = 1 << 4;
    private static final int VLAN_TPID_VALID = 1 << 6;
    private static final int TPID_8021Q = 0x8100;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long UNSIGNED_INT = 0xffff_ffffL;

    /** Where a VLAN tag stands in an Ethernet frame: behind both addresses. */
    public static final int TAG_AT = 12;
    /** The size of a VLAN tag. */
    public static final int TAG_BYTES = 4;

    private final Pointer ring;
    private long at;

    CapturedFrame(Pointer ring) {
        this.ring = ring;
    }

    void moveTo(long offset) {
        at = offset;
    }

    /** Returns how far behind this frame's header the next one is. */
    int nextOffset() {
        return ring.getInt(at);
    }

    /** Returns when the kernel saw it, in nanoseconds since 1970. */
    public long stampNs() {
        return (ring.getInt(at + SECONDS_AT) & UNSIGNED_INT) * NS_PER_S
                + (ring.getInt(at + NANOSECONDS_AT) & UNSIGNED_INT);
    }

    /** Returns its length on the link, without a tag that the kernel took out of it. */
    public int length() {
        return ring.getInt(at + LENGTH_AT);
    }

    /** Returns how many bytes of it the ring holds. */
    public int kept() {
        return ring.getInt(at + KEPT_AT);
    }

    /** Returns how it belongs to the host: one of PACKET_HOST, PACKET_OUTGOING and so on of packet(7). */
    public int packetType() {
        return ring.getByte(at + PACKET_TYPE_AT) & 0xff;
    }

    /** Returns whether the kernel took a VLAN tag out of the frame. */
    public boolean isTagged() {
        return (ring.getInt(at + STATUS_AT) & VLAN_VALID) != 0;
    }

    /** Returns the four bytes of the tag that the kernel took out, as they were in the frame. */
    public int tag() {
        boolean isTpidKnown = (ring.getInt(at + STATUS_AT) & VLAN_TPID_VALID) != 0;
        int tpid = isTpidKnown ? ring.getShort(at + VLAN_TPID_AT) & 0xffff : TPID_8021Q;
        return (tpid << Short.SIZE) | (ring.getInt(at + VLAN_TCI_AT) & 0xffff);
    }

    /** Copies bytes of the frame. */
    public void copy(int from, byte[] target, int targetAt, int count) {
        ring.get(at + (ring.getShort(at + MAC_AT) & 0xffff) + from, target, targetAt, count);
    }
}
