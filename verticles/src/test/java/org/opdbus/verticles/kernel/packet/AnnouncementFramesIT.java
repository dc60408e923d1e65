// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.testing.Links;

/** Our announcements are, byte for byte, those that the kernel itself sends of a link that comes up. */
class AnnouncementFramesIT {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int ETH_P_ALL = 3;
    private static final int ADDRESS_BYTES = 20;
    private static final int FRAMES_MAX = 200;
    private static final byte[] MAC = {2, 0, 0, 0, 0, 0x10};
    private static final byte[] IPV4 = {(byte) 192, 0, 2, 10};
    private static final byte[] IPV6 = HexFormat.of().parseHex("20010db8000000000000000000000010");

    @BeforeEach
    void makePair() {
        Links.addVeth("say0", "hear0");
        Links.setMac("say0", "02:00:00:00:00:10");
        Links.setUp("hear0");
    }

    @AfterEach
    void deletePair() {
        Links.delete("say0");
    }

    private static int listen() {
        int index;
        try (RtNetlink kernel = RtNetlink.open()) {
            index = kernel.link("hear0").orElseThrow().index();
        }
        int fd = LIBC.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        byte[] address = ByteBuffer.allocate(ADDRESS_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .put(new byte[] {0, ETH_P_ALL})
                .putInt(index)
                .array();
        byte[] seconds = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(30)
                .array();
        assertThat(LIBC.bind(fd, address, address.length)).isZero();
        assertThat(LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, seconds, seconds.length))
                .isZero();
        return fd;
    }

    /** Returns whether the frame comes. */
    private static boolean hears(int fd, byte[] frame) {
        ByteBuffer heard = ByteBuffer.allocateDirect(2048);
        for (int i = 0; i < FRAMES_MAX; i++) {
            heard.clear();
            long length = LIBC.recv(fd, heard, heard.capacity(), 0);
            if (length < 0) {
                return false;
            }
            if (heard.limit((int) length).equals(ByteBuffer.wrap(frame))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void they_are_those_of_the_kernel() throws Exception {
        byte[] advertisement = AnnouncementFrames.neighbourAdvertisement(MAC, IPV6, false);
        byte[] announcement = AnnouncementFrames.arp(MAC, IPV4);
        // arp_notify and ndisc_notify: ip-sysctl.rst.
        for (String setting : List.of("ipv4/conf/say0/arp_notify", "ipv6/conf/say0/ndisc_notify")) {
            Files.writeString(Path.of("/proc/sys/net", setting), "1");
        }
        Links.batch(List.of("addr add 192.0.2.10/24 dev say0", "addr add 2001:db8::10/64 dev say0 nodad"));
        int fd = listen();
        try {
            Links.setUp("say0");
            assertThat(hears(fd, announcement)).isTrue();
        } finally {
            LIBC.close(fd);
        }
        fd = listen();
        try {
            Links.setMac("say0", "02:00:00:00:00:11");
            Links.setMac("say0", "02:00:00:00:00:10");
            assertThat(hears(fd, advertisement)).isTrue();
        } finally {
            LIBC.close(fd);
        }
    }

    @Test
    void a_router_says_that_it_is_one() {
        byte[] host = AnnouncementFrames.neighbourAdvertisement(MAC, IPV6, false);
        byte[] router = AnnouncementFrames.neighbourAdvertisement(MAC, IPV6, true);
        assertThat(host[58]).isEqualTo((byte) 0x20);
        assertThat(router[58]).isEqualTo((byte) 0xa0);
    }
}
