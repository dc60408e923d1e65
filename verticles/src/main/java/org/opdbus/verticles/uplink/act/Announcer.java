// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.packet.AnnouncementFrames;
import org.opdbus.verticles.kernel.packet.FrameSender;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/**
 * Tells the neighbours on a link where the host's addresses are, twice: RFC 5227 section 1.1 wants two announcements two seconds
 * apart, and RFC 4861 section 7.2.6 at most three with a second between them. Blocks.
 */
final class Announcer {
    private static final int ROUNDS = 2;
    private static final int BETWEEN_ROUNDS_S = 2;
    private static final int SCOPE_HOST = 254;
    private static final int IFA_F_DADFAILED = 0x08;
    private static final int IFA_F_TENTATIVE = 0x40;

    private Announcer() {}

    static void announce(Step.Announce step) {
        try (RtNetlink kernel = RtNetlink.open()) {
            int index = kernel.link(step.link())
                    .orElseThrow(() -> new UplinkFailure("there is no link " + step.link() + " any more"))
                    .index();
            List<byte[]> frames = frames(step, isRouter(step.link()));
            send(index, frames);
        } catch (IOException e) {
            throw new UplinkFailure("could not announce the addresses on " + step.link() + ": " + e.getMessage(), e);
        }
    }

    static List<byte[]> frames(Step.Announce step, boolean isRouter) {
        byte[] mac = HexFormat.ofDelimiter(":").parseHex(step.mac());
        List<byte[]> frames = new ArrayList<>();
        for (ListedAddress address : step.addresses()) {
            byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(address.address());
            boolean isUsable = (address.flags() & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
            if (bytes != null && isUsable && address.scope() != SCOPE_HOST) {
                frames.add(
                        address.family() == IpFamily.IPV4
                                ? AnnouncementFrames.arp(mac, bytes)
                                : AnnouncementFrames.neighbourAdvertisement(mac, bytes, isRouter));
            }
        }
        return frames;
    }

    private static void send(int index, List<byte[]> frames) throws IOException {
        try (FrameSender link = FrameSender.open(index)) {
            for (int round = 1; round <= ROUNDS && !frames.isEmpty(); round++) {
                for (byte[] frame : frames) {
                    link.send(frame);
                }
                if (round < ROUNDS) {
                    // Nothing counts it down: this is the time between two announcements.
                    boolean unused = new CountDownLatch(1).await(BETWEEN_ROUNDS_S, TimeUnit.SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted between two announcements", e);
        }
    }

    /** A kernel without IPv6 has no such file. */
    private static boolean isRouter(String link) throws IOException {
        Path forwarding = Path.of("/proc/sys/net/ipv6/conf", link, "forwarding");
        return Files.exists(forwarding) && !Files.readString(forwarding).strip().equals("0");
    }
}
