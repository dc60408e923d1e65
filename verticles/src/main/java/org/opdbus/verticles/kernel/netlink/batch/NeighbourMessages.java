// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import static org.opdbus.verticles.kernel.netlink.batch.Neighbour.NUD_PERMANENT;
import static org.opdbus.verticles.kernel.netlink.batch.Neighbour.NUD_PROBE;
import static org.opdbus.verticles.kernel.netlink.batch.Neighbour.NUD_STALE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.NetlinkAttributes;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch.Request;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.IpText;

/** Lists the hosts on a link that the kernel knows, tells the kernel of one, and makes it ask one (neighbour.h, rtnetlink(7)). */
public final class NeighbourMessages {
    /** How many neighbours of a link are listed; the kernel keeps a thousand unless it is told otherwise. */
    private static final int NEIGHBOURS_MAX = 8_192;

    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_GETNEIGH = 30;
    private static final int NLM_F_REPLACE = 0x100;
    private static final int NLM_F_CREATE = 0x400;
    private static final int HEADER_BYTES = 12;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NDA_IFINDEX = 8;
    private static final int NDA_PROTOCOL = 12;
    private static final int NTF_USE = 1;
    private static final int NTF_ROUTER = 0x80;
    private static final HexFormat MAC = HexFormat.ofDelimiter(":");

    private NeighbourMessages() {}

    /** Returns the neighbours of a link; blocks. */
    public static List<Neighbour> list(NetlinkListing kernel, IpFamily family, int index) {
        byte[] body = new MessageBody(HEADER_BYTES)
                .byteAt(0, family.number())
                .attribute(NDA_IFINDEX, index)
                .done()
                .array();
        return kernel.list(RTM_GETNEIGH, body, "list the neighbours of link " + index, () -> new Kept(index))
                .visitor()
                .neighbours;
    }

    /** Keeps the neighbours of one link. */
    private static final class Kept implements NetlinkListing.Visitor {
        private final int index;
        private final List<Neighbour> neighbours = new ArrayList<>();

        Kept(int index) {
            this.index = index;
        }

        @Override
        public void visit(int type, ByteBuffer payload) {
            if (neighbours.size() < NEIGHBOURS_MAX) {
                read(type, payload).filter(each -> each.index() == index).ifPresent(neighbours::add);
            }
        }
    }

    /** Returns the neighbour that a message is about; empty if it is about something else, or is cut off. */
    public static Optional<Neighbour> read(int type, ByteBuffer payload) {
        if (type != RTM_NEWNEIGH || payload.limit() < HEADER_BYTES) {
            return Optional.empty();
        }
        IpFamily family;
        if (payload.get(0) == IpFamily.IPV4.number()) {
            family = IpFamily.IPV4;
        } else if (payload.get(0) == IpFamily.IPV6.number()) {
            family = IpFamily.IPV6;
        } else {
            return Optional.empty();
        }
        String address = "";
        Optional<String> mac = Optional.empty();
        int protocol = 0;
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, HEADER_BYTES);
        while (attributes.next()) {
            if (attributes.type() == NDA_DST && attributes.length() == family.addressBytes()) {
                address = IpText.of(attributes.value());
            } else if (attributes.type() == NDA_LLADDR && attributes.length() > 0) {
                mac = Optional.of(MAC.formatHex(attributes.value()));
            } else if (attributes.type() == NDA_PROTOCOL && attributes.length() == 1) {
                protocol = attributes.value()[0] & 0xff;
            }
        }
        ByteBuffer header = payload.duplicate().order(ByteOrder.nativeOrder());
        return address.isEmpty()
                ? Optional.empty()
                : Optional.of(new Neighbour(
                        header.getInt(4),
                        family,
                        address,
                        mac,
                        header.getShort(8) & 0xffff,
                        header.get(10) & 0xff,
                        protocol));
    }

    /**
     * Returns the request that tells another link of a neighbour. The kernel uses the hardware address at once; unless a program
     * made the neighbour for ever, the kernel verifies it after the first use.
     */
    public static Request copy(Neighbour neighbour, int toIndex) {
        MessageBody body = body(
                neighbour.family(),
                toIndex,
                neighbour.isPermanent() ? NUD_PERMANENT : NUD_STALE,
                neighbour.flags() & NTF_ROUTER);
        body.address(NDA_DST, neighbour.address());
        neighbour.mac().ifPresent(mac -> body.attribute(NDA_LLADDR, MAC.parseHex(mac)));
        if (neighbour.protocol() != 0) {
            body.attribute(NDA_PROTOCOL, (byte) neighbour.protocol());
        }
        return new Request(
                RTM_NEWNEIGH,
                NLM_F_CREATE | NLM_F_REPLACE,
                body.done(),
                Set.of(),
                "tell link " + toIndex + " of its neighbour " + neighbour.address());
    }

    /**
     * Returns the request that makes the kernel ask a neighbour now. The kernel reports {@code REACHABLE} or {@code FAILED}.
     *
     * @param known what the kernel knows of it; with its hardware address it is verified, otherwise it is searched for
     */
    public static Request ask(IpFamily family, String address, int index, Optional<Neighbour> known) {
        Optional<String> mac = known.filter(Neighbour::isLearned).flatMap(Neighbour::mac);
        MessageBody body = mac.isPresent()
                ? body(family, index, NUD_PROBE, known.orElseThrow().flags() & NTF_ROUTER)
                : body(family, index, 0, NTF_USE);
        body.address(NDA_DST, address);
        mac.ifPresent(value -> body.attribute(NDA_LLADDR, MAC.parseHex(value)));
        return new Request(
                RTM_NEWNEIGH,
                mac.isPresent() ? NLM_F_CREATE | NLM_F_REPLACE : NLM_F_CREATE,
                body.done(),
                Set.of(),
                "ask the neighbour " + address + " of link " + index);
    }

    private static MessageBody body(IpFamily family, int index, int state, int flags) {
        return new MessageBody(HEADER_BYTES)
                .byteAt(0, family.number())
                .intAt(4, index)
                .shortAt(8, state)
                .byteAt(10, flags);
    }
}
