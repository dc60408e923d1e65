// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.edges.LinkWork.Made;
import org.opdbus.verticles.kernel.netlink.Ethtool;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.LinkRequests.VethEnd;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;

/** Makes the link of a container on one visit to the kernel: all that its container's end needs. Safe for use by any thread. */
final class LinkMaking {
    private LinkMaking() {}

    /** As {@link LinkWork#make}, on the calling thread. */
    static Made make(NewLink link, long initPid) {
        try (RtNetlink kernel = RtNetlink.open();
                NetworkNamespace theirs = NetworkNamespace.ofProcess(initPid)) {
            requireOther(theirs, initPid);
            boolean now = isMadeNow(kernel, link, theirs);
            try (RtNetlink inside = RtNetlink.open(theirs)) {
                boolean wasOffloading = openUp(link, inside);
                Link outer = kernel.link(link.outer().value()).orElseThrow(() -> gone(link));
                return new Made(
                        now,
                        outer,
                        new Link.Inner(link.inner(), link.mac(), link.finishesChecksums()),
                        wasOffloading,
                        kernel.namespaceIdOf(theirs));
            }
        }
    }

    /** The kernel may have reused the process id: the host must never get the container's end. */
    private static void requireOther(NetworkNamespace theirs, long initPid) {
        try (NetworkNamespace ours = NetworkNamespace.current()) {
            if (ours.inode() == theirs.inode()) {
                throw new StepException(Reason.STALE, "process " + initPid + " is in the host's own network namespace");
            }
        }
    }

    private static boolean isMadeNow(RtNetlink kernel, NewLink link, NetworkNamespace theirs) {
        VethEnd near = new VethEnd(link.outer(), Optional.empty(), link.mtu(), true);
        // The kernel refuses to set the far end up before the near end is there (ENOTCONN).
        VethEnd far = new VethEnd(link.inner(), Optional.of(link.mac()), link.mtu(), false);
        try {
            LinkRequests.addVeth(kernel, near, far, theirs);
            return true;
        } catch (NetlinkException e) {
            if (e.reason() != NetlinkException.Reason.EXISTS) {
                throw e;
            }
            Optional<Link> present = kernel.link(link.outer().value());
            if (present.isEmpty()) {
                throw new StepException(
                        Reason.NAME_REFUSED,
                        "the container has a link " + link.inner() + " already",
                        "give the agent's link another name: label opdbus.ifname, or ifname in state.json",
                        e);
            }
            if (present.get().peerNamespace() != kernel.namespaceIdOf(theirs)) {
                throw gone(link);
            }
            return false;
        }
    }

    /** Returns whether the container's end left its checksums to the next device before. */
    private static boolean openUp(NewLink link, RtNetlink inside) {
        int index = inside.link(link.inner().value())
                .orElseThrow(() -> new StepException(Reason.STALE, "link " + link.inner() + " has gone"))
                .index();
        boolean wasOffloading = link.finishesChecksums() && Ethtool.transmitChecksum(inside, link.inner());
        if (wasOffloading) {
            Ethtool.disableTransmitChecksum(inside, link.inner());
        }
        link.address().ifPresent(address -> inside.replaceAddress(index, address.address(), address.prefix()));
        inside.setUp(index, true);
        link.address().flatMap(StaticAddress::gateway).ifPresent(gateway -> inside.replaceDefaultRoute(index, gateway));
        return wasOffloading;
    }

    private static StepException gone(NewLink link) {
        return new StepException(Reason.STALE, "link " + link.outer() + " has gone");
    }
}
