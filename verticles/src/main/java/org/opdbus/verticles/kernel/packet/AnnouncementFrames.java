// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.packet;

import java.nio.ByteBuffer;

/** Ethernet frames by which a host tells its neighbours where an address of its own is. Pure. */
public final class AnnouncementFrames {
    private static final int MAC_BYTES = 6;
    private static final int ETHERNET_BYTES = 14;
    private static final short ETHERTYPE_ARP = 0x0806;
    private static final short ETHERTYPE_IPV6 = (short) 0x86dd;
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    private static final byte[] NO_MAC = new byte[MAC_BYTES];
    private static final int ARP_BYTES = 28;
    private static final byte[] ALL_NODES_MAC = {0x33, 0x33, 0, 0, 0, 1};
    private static final byte[] ALL_NODES = {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final int IPV6_BYTES = 40;
    private static final int ADVERTISEMENT_BYTES = 32;
    private static final byte ICMPV6 = 58;
    private static final int ROUTER_FLAG = 0x8000_0000;
    private static final int OVERRIDE_FLAG = 0x2000_0000;

    private AnnouncementFrames() {}

    /** Returns an ARP announcement: a request to all for the sender's own address (RFC 5227 section 3). */
    public static byte[] arp(byte[] mac, byte[] address) {
        return ByteBuffer.allocate(ETHERNET_BYTES + ARP_BYTES)
                .put(BROADCAST)
                .put(mac)
                .putShort(ETHERTYPE_ARP)
                // Ethernet; IPv4; the lengths of their addresses; a request.
                .putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) MAC_BYTES)
                .put((byte) address.length)
                .putShort((short) 1)
                .put(mac)
                .put(address)
                .put(NO_MAC)
                .put(address)
                .array();
    }

    /**
     * Returns an unsolicited neighbour advertisement to all nodes, which replaces what they know (RFC 4861 sections 4.4 and 7.2.6).
     *
     * @param isRouter whether the host forwards packets of IPv6; a neighbour drops a router that says that it is none
     */
    public static byte[] neighbourAdvertisement(byte[] mac, byte[] address, boolean isRouter) {
        ByteBuffer advertisement = ByteBuffer.allocate(ADVERTISEMENT_BYTES)
                .put((byte) 136)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(isRouter ? ROUTER_FLAG | OVERRIDE_FLAG : OVERRIDE_FLAG)
                .put(address)
                // The option with the sender's hardware address, of one unit of eight bytes.
                .put((byte) 2)
                .put((byte) 1)
                .put(mac);
        advertisement.putShort(2, checksum(address, advertisement.array()));
        return ByteBuffer.allocate(ETHERNET_BYTES + IPV6_BYTES + ADVERTISEMENT_BYTES)
                .put(ALL_NODES_MAC)
                .put(mac)
                .putShort(ETHERTYPE_IPV6)
                .putInt(0x6000_0000)
                .putShort((short) ADVERTISEMENT_BYTES)
                .put(ICMPV6)
                // The hop limit, by which a receiver knows that no router passed it on.
                .put((byte) 255)
                .put(address)
                .put(ALL_NODES)
                .put(advertisement.array())
                .array();
    }

    /** The checksum is also over parts of the header (RFC 8200 section 8.1). */
    private static short checksum(byte[] source, byte[] message) {
        byte[] all = ByteBuffer.allocate(IPV6_BYTES + message.length)
                .put(source)
                .put(ALL_NODES)
                .putInt(message.length)
                .putInt(ICMPV6)
                .put(message)
                .array();
        return EchoMessage.checksum(all);
    }
}
