// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.capture.BpfProgram;
import org.opdbus.verticles.kernel.capture.BpfProgram.Instruction;
import org.opdbus.verticles.kernel.connections.TcpTable.Connection;

/** Runs the programs in a small interpreter of classic BPF: no frame but those of the connections is left out. */
class OwnStreamFilterTest {
    private static final int KEPT = 1_000;
    private static final int ETHERNET_BYTES = 14;
    private static final Connection OLD =
            new Connection(new InetSocketAddress("192.0.2.1", 22), new InetSocketAddress("198.51.100.7", 50_001));
    private static final Connection NEW =
            new Connection(new InetSocketAddress("2001:db8::1", 22), new InetSocketAddress("2001:db8::2", 50_002));

    private static final String MACS = "020000000001020000000002";
    private static final String OLD_OUT = "c0000201c6336407" + "0016c351";
    private static final String OLD_IN = "c6336407c0000201" + "c3510016";

    private static int run(LinkType type, String hex) {
        return run(OwnStreamFilter.leavingOut(List.of(OLD, NEW), type, BpfProgram.keeping(KEPT)), hex);
    }

    /** Returns an IPv4 packet of TCP, with header options or without. */
    private static String ipv4(int options, String protocol, String offset, String addressesAndPorts) {
        return "4" + Integer.toHexString(5 + options) + "000028" + "0000" + offset + "40" + protocol + "0000"
                + addressesAndPorts.substring(0, 16) + "01".repeat(4 * options) + addressesAndPorts.substring(16)
                + "00".repeat(16);
    }

    private static String ipv6(String next, String addressesAndPorts) {
        return "60000000" + "0014" + next + "40" + addressesAndPorts + "00".repeat(16);
    }

    private static String address6(int last) {
        return "20010db8" + "00".repeat(11) + "0" + last;
    }

    @Test
    void both_directions_are_left_out_behind_every_header() {
        for (String addresses : List.of(OLD_OUT, OLD_IN)) {
            for (int options : List.of(0, 1, 10)) {
                String packet = ipv4(options, "06", "4000", addresses);
                assertThat(run(LinkType.ETHERNET, MACS + "0800" + packet)).isZero();
                assertThat(run(LinkType.ETHERNET, MACS + "8100002a0800" + packet))
                        .isZero();
                assertThat(run(LinkType.ETHERNET, MACS + "88a8002a0800" + packet))
                        .isZero();
                assertThat(run(LinkType.RAW, packet)).isZero();
            }
        }
        for (String addresses :
                List.of(address6(1) + address6(2) + "0016c352", address6(2) + address6(1) + "c3520016")) {
            String packet = ipv6("06", addresses);
            assertThat(run(LinkType.ETHERNET, MACS + "86dd" + packet)).isZero();
            assertThat(run(LinkType.ETHERNET, MACS + "8100002a86dd" + packet)).isZero();
            assertThat(run(LinkType.RAW, packet)).isZero();
        }
    }

    @Test
    void everything_else_is_kept() {
        String same = ipv4(0, "06", "4000", OLD_OUT);
        for (String packet : List.of(
                ipv4(0, "11", "4000", OLD_OUT),
                ipv4(0, "06", "2001", OLD_OUT),
                ipv4(0, "06", "4000", "c0000201c6336408" + "0016c351"),
                ipv4(0, "06", "4000", "c0000202c6336407" + "0016c351"),
                ipv4(0, "06", "4000", "c0000201c6336407" + "0016c352"),
                ipv4(0, "06", "4000", "c0000201c6336407" + "c3510016"),
                "4f" + same.substring(2))) {
            assertThat(run(LinkType.ETHERNET, MACS + "0800" + packet)).isEqualTo(KEPT);
            assertThat(run(LinkType.RAW, packet)).isEqualTo(KEPT);
        }
        assertThat(run(LinkType.ETHERNET, MACS + "0806" + same)).isEqualTo(KEPT);
        for (int i = 0; i < 10; i++) {
            String wrong = address6(1) + address6(2) + "0016c352";
            int at = i * 8 < 64 ? i * 8 : 64 + (i - 8) * 4;
            String changed = wrong.substring(0, at) + (wrong.charAt(at) == 'f' ? "e" : "f") + wrong.substring(at + 1);
            assertThat(run(LinkType.ETHERNET, MACS + "86dd" + ipv6("06", changed)))
                    .isEqualTo(KEPT);
        }
        assertThat(run(LinkType.ETHERNET, MACS + "86dd" + ipv6("00", address6(1) + address6(2) + "0016c352")))
                .isEqualTo(KEPT);
    }

    @Test
    void a_frame_that_is_cut_anywhere_is_kept() {
        for (String whole : List.of(
                MACS + "8100002a0800" + ipv4(10, "06", "4000", OLD_OUT),
                MACS + "0800" + ipv4(0, "06", "4000", OLD_OUT),
                MACS + "86dd" + ipv6("06", address6(1) + address6(2) + "0016c353"))) {
            for (int bytes = 0; bytes < whole.length() / 2; bytes++) {
                // The interpreter fails as the kernel does, by leaving the frame out, if a load is outside the frame.
                String cut = whole.substring(0, 2 * bytes);
                int portsEnd = whole.contains("0016c351") ? (whole.indexOf("0016c351") + 8) / 2 : Integer.MAX_VALUE;
                if (bytes >= ETHERNET_BYTES && bytes < portsEnd) {
                    assertThat(run(LinkType.ETHERNET, cut))
                            .as("%s bytes", bytes)
                            .isEqualTo(KEPT);
                }
            }
        }
    }

    @Test
    void without_connections_nothing_is_added() {
        BpfProgram others = BpfProgram.keeping(KEPT);
        assertThat(OwnStreamFilter.leavingOut(List.of(), LinkType.ETHERNET, others))
                .isSameAs(others);
    }

    /** Interprets the instructions that occur; a load outside the frame returns 0, as in the kernel. */
    private static int run(BpfProgram program, String hex) {
        ByteBuffer frame = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        int[] memory = new int[16];
        int a = 0;
        int x = 0;
        int at = 0;
        while (true) {
            Instruction each = program.instructions().get(at++);
            int k = each.constant();
            boolean holds;
            try {
                switch (each.code()) {
                    case 0x80 -> a = frame.capacity();
                    case 0x28 -> a = frame.getShort(k) & 0xffff;
                    case 0x40 -> a = frame.getInt(x + k);
                    case 0x48 -> a = frame.getShort(x + k) & 0xffff;
                    case 0x50 -> a = frame.get(x + k) & 0xff;
                    case 0x01 -> x = k;
                    case 0x61 -> x = memory[k];
                    case 0x03 -> memory[k] = x;
                    case 0x04 -> a += k;
                    case 0x0c -> a += x;
                    case 0x54 -> a &= k;
                    case 0x64 -> a <<= k;
                    case 0x74 -> a >>>= k;
                    case 0x07 -> x = a;
                    case 0x87 -> a = x;
                    case 0x05 -> at += k;
                    case 0x15, 0x35, 0x3d, 0x45 -> {
                        holds = switch (each.code()) {
                            case 0x15 -> a == k;
                            case 0x35 -> Integer.compareUnsigned(a, k) >= 0;
                            case 0x3d -> Integer.compareUnsigned(a, x) >= 0;
                            default -> (a & k) != 0;
                        };
                        at += holds ? each.ifTrue() : each.ifFalse();
                    }
                    case 0x06 -> {
                        return k;
                    }
                    default -> throw new AssertionError("instruction " + each);
                }
            } catch (IndexOutOfBoundsException outside) {
                return 0;
            }
        }
    }
}
