// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;
import static org.opdbus.verticles.uplink.act.UplinkLab.BRIDGE;
import static org.opdbus.verticles.uplink.act.UplinkLab.UPLINK;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.packet.FrameSender;
import org.opdbus.verticles.testing.Links;

/** An uplink whose address and default route the kernel takes from a router's advertisements (RFC 4861, RFC 4862). */
class AdvertisedNetworkIT {
    private static final int MTU = 1500;
    private static final int FIRST_VALID_S = 20_000;
    private static final int LATER_VALID_S = 40_000;
    private static final Pattern MAC = Pattern.compile("link/ether (\\S+)");
    private static final Pattern LINK_LOCAL = Pattern.compile("inet6 (fe80\\S+)/64");
    private static final Pattern VALID = Pattern.compile("2001:db8:a:\\S+/64.*valid_lft (\\d+)sec");
    private static final byte[] ALL_NODES = HexFormat.of().parseHex("ff020000000000000000000000000001");

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text.replace('\n', ' '));
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    /** Sends an advertisement of the router as a default router, with the prefix 2001:db8:a::/64. */
    private static void advertise(UplinkLab lab, int validS) {
        String link = RouterSide.ip("addr", "show", "dev", RouterSide.LINK);
        byte[] mac = HexFormat.ofDelimiter(":").parseHex(found(MAC, link));
        byte[] source = NetUtil.createByteArrayFromIpAddressString(found(LINK_LOCAL, link));
        byte[] message = ByteBuffer.allocate(56)
                .put((byte) 134)
                .put(5, (byte) 0)
                .putShort(6, (short) 1800)
                .put(16, (byte) 1)
                .put(17, (byte) 1)
                .put(18, mac)
                .put(24, (byte) 3)
                .put(25, (byte) 4)
                .put(26, (byte) 64)
                .put(27, (byte) 0xc0)
                .putInt(28, validS)
                .putInt(32, validS)
                .put(40, NetUtil.createByteArrayFromIpAddressString("2001:db8:a::"))
                .array();
        ByteBuffer.wrap(message).putShort(2, checksum(source, message));
        byte[] frame = ByteBuffer.allocate(54 + message.length)
                .put(new byte[] {0x33, 0x33, 0, 0, 0, 1})
                .put(mac)
                .putShort((short) 0x86dd)
                .putInt(0x6000_0000)
                .putShort((short) message.length)
                .put((byte) 58)
                .put((byte) 255)
                .put(source)
                .put(ALL_NODES)
                .put(message)
                .array();
        lab.router.call(() -> {
            try (RtNetlink kernel = RtNetlink.open();
                    FrameSender sender = FrameSender.open(
                            kernel.link(RouterSide.LINK).orElseThrow().index())) {
                sender.send(frame);
            }
            return true;
        });
    }

    private static short checksum(byte[] source, byte[] message) {
        ByteBuffer words = ByteBuffer.allocate(40 + message.length)
                .put(source)
                .put(ALL_NODES)
                .putInt(message.length)
                .putInt(58)
                .put(message)
                .flip();
        long sum = 0;
        while (words.hasRemaining()) {
            sum += words.getShort() & 0xffff;
        }
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    private static int validS(String link) {
        return Integer.parseInt(found(VALID, Links.ip("-6", "-o", "addr", "show", "dev", link, "scope", "global")));
    }

    @Test
    void the_bridge_goes_on_taking_what_the_router_advertises() {
        try (UplinkLab lab = new UplinkLab(MTU)) {
            RouterSide.ip("addr", "add", "2001:db8:a::1/64", "dev", RouterSide.LINK, "nodad");
            UplinkLab.awaitAddresses(UPLINK);
            eventually(() -> assertThat(RouterSide.ip("-6", "addr", "show", "dev", RouterSide.LINK))
                    .doesNotContain("tentative"));
            advertise(lab, FIRST_VALID_S);
            eventually(
                    () -> assertThat(Links.ip("-6", "route", "show", "default")).contains("proto ra"));
            UplinkLab.awaitAddresses(UPLINK);
            String address =
                    found(Pattern.compile("inet6 (2001:db8:a:\\S+)/64"), Links.ip("-6", "addr", "show", "dev", UPLINK));

            try (SteadyTraffic traffic = new SteadyTraffic(lab.router, address, 100)) {
                traffic.await(10);
                lab.prepare();
                lab.attach();
                lab.moveNetwork(UPLINK, BRIDGE, UplinkLab.everything(UPLINK));
                lab.ipv6(UPLINK, false);
                assertThat(Links.ip("-6", "route", "show", "default"))
                        .contains("dev br0 proto ra metric 1025")
                        .contains("expires");
                assertThat(validS(BRIDGE)).isBetween(1, FIRST_VALID_S);
                traffic.await(10);

                advertise(lab, LATER_VALID_S);
                eventually(() -> assertThat(validS(BRIDGE)).isGreaterThan(FIRST_VALID_S));
                assertThat(Links.ip("-6", "route", "show", "default")).contains("dev br0 proto ra metric 1024");
                traffic.await(10);
                System.out.printf("gap: router advertisements, 100 a second: %s%n", traffic.figures());
            }
        }
    }
}
