// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.batch.Neighbour;
import org.opdbus.verticles.kernel.netlink.batch.NeighbourMessages;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/**
 * Moves the host's addresses, routes and rules from one link to another. The receiver gets everything in one datagram; only if the
 * kernel accepted all of it does the next datagram take it from the giver. Blocks.
 */
final class NetworkMover {
    private static final int REFUSALS_NAMED_MAX = 5;

    private NetworkMover() {}

    static void move(Step.MoveNetwork step) {
        NetworkChange change;
        try (RtNetlink kernel = RtNetlink.open();
                NetworkReader reader = NetworkReader.open();
                NetlinkListing listing = NetlinkListing.open()) {
            NetworkChange.Ends ends = new NetworkChange.Ends(
                    step.from(), index(kernel, step.from()), step.to(), index(kernel, step.to()));
            List<Neighbour> neighbours = new ArrayList<>();
            List<ListedAddress> present = new ArrayList<>();
            for (IpFamily family : IpFamily.values()) {
                neighbours.addAll(NeighbourMessages.list(listing, family, ends.fromIndex()));
                present.addAll(reader.addresses(family).items());
            }
            change = NetworkChange.of(step.network(), ends, neighbours, present);
        }
        try (NetlinkBatch kernel = NetlinkBatch.open()) {
            require(
                    kernel.send(change.additions()),
                    step.to() + " did not get the network of " + step.from() + ", which still has it");
            require(
                    kernel.send(change.removals()),
                    step.to() + " has the network of " + step.from() + ", but " + step.from() + " did not lose it");
        }
    }

    private static int index(RtNetlink kernel, String link) {
        return kernel.link(link)
                .orElseThrow(() -> new UplinkFailure("there is no link " + link + " any more"))
                .index();
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
