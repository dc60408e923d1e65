// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.kernel.netlink.NetlinkNotices;
import org.opdbus.verticles.kernel.netlink.batch.Neighbour;
import org.opdbus.verticles.kernel.netlink.batch.NeighbourMessages;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.IpText;

/** Makes the kernel ask a neighbour by ARP or neighbour discovery, and waits for what it reports. */
final class NeighbourQuestion implements NetlinkListing.Visitor {
    private final int index;
    private final IpFamily family;
    private final String address;
    private @Nullable Boolean answer;

    private NeighbourQuestion(int index, byte[] address) {
        this.index = index;
        this.address = IpText.of(address);
        family = address.length == IpFamily.IPV4.addressBytes() ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    /**
     * Returns whether the neighbour answers in time; empty if the kernel does not ask it, because a program told the kernel its
     * hardware address for ever.
     */
    static Optional<Boolean> ask(int index, byte[] address, Duration limit) {
        return new NeighbourQuestion(index, address).ask(limit);
    }

    private Optional<Boolean> ask(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (NetlinkNotices notices = NetlinkNotices.open(NetlinkNotices.NEIGHBOURS);
                NetlinkListing listing = NetlinkListing.open();
                NetlinkBatch kernel = NetlinkBatch.open()) {
            Optional<Neighbour> known = known(listing);
            if (known.filter(Neighbour::isPermanent).isPresent()) {
                return Optional.empty();
            }
            List<NetlinkException> refusals =
                    kernel.send(List.of(NeighbourMessages.ask(family, address, index, known)));
            if (!refusals.isEmpty()) {
                throw refusals.get(0);
            }
            while (answer == null && System.nanoTime() - deadline < 0) {
                await(notices, listing, Duration.ofNanos(deadline - System.nanoTime()));
            }
            return Optional.of(Boolean.TRUE.equals(answer));
        }
    }

    private void await(NetlinkNotices notices, NetlinkListing listing, Duration limit) {
        try {
            notices.next(limit, this);
        } catch (NetlinkException e) {
            if (e.reason() != NetlinkException.Reason.OVERRUN) {
                throw e;
            }
            known(listing).ifPresent(this::take);
        }
    }

    private Optional<Neighbour> known(NetlinkListing listing) {
        return NeighbourMessages.list(listing, family, index).stream()
                .filter(each -> each.address().equals(address))
                .findFirst();
    }

    @Override
    public void visit(int type, ByteBuffer payload) {
        NeighbourMessages.read(type, payload)
                .filter(each -> each.index() == index && each.address().equals(address))
                .ifPresent(this::take);
    }

    private void take(Neighbour neighbour) {
        if (neighbour.isReachable()) {
            answer = true;
        } else if (neighbour.isFailed()) {
            answer = false;
        }
    }
}
