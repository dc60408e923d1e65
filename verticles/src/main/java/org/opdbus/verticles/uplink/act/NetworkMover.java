// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.kernel.netlink.NetlinkNotices;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.batch.Neighbour;
import org.opdbus.verticles.kernel.netlink.batch.NeighbourMessages;
import org.opdbus.verticles.kernel.netlink.batch.ReceivedAddresses;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/**
 * Moves the host's addresses, routes and rules from one link to another. The receiver gets its addresses in one datagram and the
 * rest in the next; only if the kernel accepted all of it, a third datagram takes it from the giver. Blocks.
 */
final class NetworkMover {
    private static final int REFUSALS_NAMED_MAX = 5;
    private static final Duration USABLE_LIMIT = Duration.ofSeconds(5);

    private final Step.MoveNetwork step;
    private final NetworkReader reader;
    private final NetworkChange.Ends ends;

    private NetworkMover(Step.MoveNetwork step, NetworkReader reader, NetworkChange.Ends ends) {
        this.step = step;
        this.reader = reader;
        this.ends = ends;
    }

    static void move(Step.MoveNetwork step) {
        try (RtNetlink kernel = RtNetlink.open();
                NetworkReader reader = NetworkReader.open()) {
            new NetworkMover(
                            step,
                            reader,
                            new NetworkChange.Ends(
                                    step.from(), index(kernel, step.from()), step.to(), index(kernel, step.to())))
                    .move();
        }
    }

    private static int index(RtNetlink kernel, String link) {
        return kernel.link(link)
                .orElseThrow(() -> new UplinkFailure("there is no link " + link + " any more"))
                .index();
    }

    private void move() {
        NetworkChange change = change();
        String stillThere = step.to() + " did not get the network of " + step.from() + ", which still has it";
        try (NetlinkBatch kernel = NetlinkBatch.open();
                NetlinkNotices notices = NetlinkNotices.open(NetlinkNotices.IPV6_ROUTES)) {
            require(kernel.send(change.addresses()), stillThere);
            awaitUsable(notices, stillThere);
            require(kernel.send(change.additions()), stillThere);
            require(
                    kernel.send(change.removals()),
                    step.to() + " has the network of " + step.from() + ", but " + step.from() + " did not lose it");
        }
    }

    private NetworkChange change() {
        List<Neighbour> neighbours = new ArrayList<>();
        List<ListedAddress> present = new ArrayList<>();
        try (NetlinkListing listing = NetlinkListing.open()) {
            for (IpFamily family : IpFamily.values()) {
                neighbours.addAll(NeighbourMessages.list(listing, family, ends.fromIndex()));
                present.addAll(reader.addresses(family).items());
            }
        }
        return NetworkChange.of(step.network(), ends, neighbours, present);
    }

    /**
     * The kernel makes the route by which it takes packets for a new address of IPv6 some moments after it has accepted the address,
     * even without a test whether it is unique. Until then the host must have the address on the giver.
     */
    private void awaitUsable(NetlinkNotices notices, String stillThere) {
        Set<String> wanted = step.network().addresses().stream()
                .filter(address -> address.family() == IpFamily.IPV6)
                .map(ListedAddress::address)
                .collect(Collectors.toSet());
        long deadline = System.nanoTime() + USABLE_LIMIT.toNanos();
        try (NetlinkListing listing = NetlinkListing.open()) {
            while (!wanted.isEmpty()
                    && !ReceivedAddresses.list(listing, ends.toIndex()).containsAll(wanted)) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative() || !next(notices, left)) {
                    throw new UplinkFailure(stillThere
                            + ": the kernel did not make the addresses of IPv6 usable within "
                            + USABLE_LIMIT.toSeconds() + " s; see whether " + step.to() + " is up and has a carrier");
                }
            }
        }
    }

    private static boolean next(NetlinkNotices notices, Duration limit) {
        try {
            return notices.next(limit, (type, payload) -> {});
        } catch (NetlinkException e) {
            if (e.reason() == NetlinkException.Reason.OVERRUN) {
                // The listing that follows replaces what was lost.
                return true;
            }
            throw e;
        }
    }

    private static void require(List<NetlinkException> refusals, String what) {
        if (!refusals.isEmpty()) {
            String reasons = refusals.stream()
                    .limit(REFUSALS_NAMED_MAX)
                    .map(NetlinkException::getMessage)
                    .collect(Collectors.joining("; "));
            int more = refusals.size() - REFUSALS_NAMED_MAX;
            throw new UplinkFailure(
                    what + ": " + reasons + (more > 0 ? "; and " + more + " more" : ""), refusals.get(0));
        }
    }
}
