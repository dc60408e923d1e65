// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.packet.LinkSocket;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks routers and other hosts over a link whether they are there. Blocks, at most a second for each target and attempt. */
public final class UplinkProbe {
    private static final Logger LOG = LoggerFactory.getLogger(UplinkProbe.class);
    private static final int ATTEMPTS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private UplinkProbe() {}

    /**
     * Returns whether each target answers when it is asked once. A link that is not there has no answers; neither has a target that
     * cannot be asked, which is logged.
     */
    public static boolean answers(String link, List<ProbeTarget> targets) {
        try {
            return silent(link, targets).isEmpty();
        } catch (UplinkFailure | NetlinkException e) {
            LOG.warn("probe=failed link={} reason={}", link, e.getMessage());
            return false;
        }
    }

    /** Asks three times at most, and fails if a target never answered. */
    static void require(Step.Probe step) {
        List<ProbeTarget> left = step.targets();
        for (int i = 0; i < ATTEMPTS && !left.isEmpty(); i++) {
            left = silent(step.link(), left);
        }
        if (!left.isEmpty()) {
            throw new UplinkFailure("no answer over " + step.link() + ", asked " + ATTEMPTS + " times, from "
                    + left.stream().map(UplinkProbe::words).collect(Collectors.joining(" and ")));
        }
    }

    private static String words(ProbeTarget target) {
        if (target instanceof ProbeTarget.Neighbour) {
            return "the router " + target.address();
        }
        return target instanceof ProbeTarget.Tcp tcp
                ? "port " + tcp.port() + " (TCP) of " + tcp.address()
                : target.address() + " (ICMP echo)";
    }

    private static List<ProbeTarget> silent(String link, List<ProbeTarget> targets) {
        List<ProbeTarget> silent = new ArrayList<>();
        int index = index(link);
        for (ProbeTarget target : targets) {
            if (index == 0 || !answers(link, index, target)) {
                silent.add(target);
            }
        }
        return silent;
    }

    private static int index(String link) {
        try (RtNetlink kernel = RtNetlink.open()) {
            return kernel.link(link).map(found -> found.index()).orElse(0);
        }
    }

    private static boolean answers(String link, int index, ProbeTarget target) {
        byte @Nullable [] address = NetUtil.createByteArrayFromIpAddressString(target.address());
        if (address == null) {
            throw new UplinkFailure("cannot ask " + target.address() + ": it is no address");
        }
        LinkSocket.Target host = new LinkSocket.Target(link, index, ByteBuffer.wrap(address));
        try {
            if (target instanceof ProbeTarget.Tcp tcp) {
                return LinkSocket.accepts(host, tcp.port(), LIMIT);
            }
            if (target instanceof ProbeTarget.Echo) {
                return LinkSocket.echoes(host, LIMIT);
            }
            return NeighbourQuestion.ask(index, address, LIMIT)
                    // A neighbour that a program made for ever is never asked by the kernel.
                    .orElseGet(() -> echoes(host));
        } catch (IOException | NetlinkException e) {
            throw new UplinkFailure("cannot ask " + words(target) + " over " + link + ": " + e.getMessage(), e);
        }
    }

    private static boolean echoes(LinkSocket.Target host) {
        try {
            return LinkSocket.echoes(host, LIMIT);
        } catch (IOException e) {
            throw new UplinkFailure(e.getMessage() == null ? "cannot send an echo request" : e.getMessage(), e);
        }
    }
}
