// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.verticles.kernel.netlink.NetlinkAttributes;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;

/** Reads one message about a route (RTM_NEWROUTE). It ignores messages that are cut off or not valid. */
final class ListedRouteReader {
    static final int RTM_NEWROUTE = 24;
    static final int HEADER_BYTES = 12;
    /** {@code struct rtnexthop}: its length, flags, weight, and link. */
    private static final int NEXT_HOP_BYTES = 8;

    private static final int RTM_F_CLONED = 0x200;
    private static final int RTAX_MTU = 2;
    /** The names by which ip-route(8) shows RTAX_*, which are their places in this list. */
    private static final List<String> METRICS = List.of(
            "metric 0",
            "lock",
            "mtu",
            "window",
            "rtt",
            "rttvar",
            "ssthresh",
            "cwnd",
            "advmss",
            "reordering",
            "hoplimit",
            "initcwnd",
            "features",
            "rto_min",
            "initrwnd",
            "quickack",
            "congctl",
            "fastopen_no_cookie");

    /** Where {@code struct rta_cacheinfo} has the time of expiry, in clock ticks. */
    private static final int EXPIRES_OFFSET = 8;

    private static final int TICKS_PER_S = 100;
    private static final int FAMILY_BYTES = 2;

    private final IpFamily family;
    private final ByteBuffer header;
    private long table;
    private Optional<String> destination = Optional.empty();
    private Optional<String> source = Optional.empty();
    private long metric;
    private Optional<String> preferredSource = Optional.empty();
    private Optional<Long> mtu = Optional.empty();
    private Optional<Long> expiresS = Optional.empty();
    private int index;
    private Optional<String> gateway = Optional.empty();
    private final List<NextHop> nextHops = new ArrayList<>();
    private final Set<String> others = new TreeSet<>();

    private ListedRouteReader(IpFamily family, ByteBuffer payload) {
        this.family = family;
        header = payload;
        table = payload.get(4) & 0xff;
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, HEADER_BYTES);
        while (attributes.next()) {
            take(attributes);
        }
    }

    /** Returns whether the message is about a route of this family that is in a table, and not in the cache. */
    static boolean isRoute(IpFamily family, int type, ByteBuffer payload) {
        return type == RTM_NEWROUTE
                && payload.limit() >= HEADER_BYTES
                && payload.get(0) == family.number()
                && (payload.getInt(8) & RTM_F_CLONED) == 0;
    }

    /** Returns the route that the message is about; empty if it is about something else, another family, or cut off. */
    static Optional<ListedRoute> read(IpFamily family, int type, ByteBuffer payload) {
        return isRoute(family, type, payload) ? new ListedRouteReader(family, payload).route() : Optional.empty();
    }

    /** Returns whether a message for which {@link #isRoute} is true is about a default route, without reading the rest. */
    static boolean isDefault(ByteBuffer payload) {
        return payload.get(1) == 0;
    }

    /** Returns the table of a message for which {@link #isRoute} is true, without reading the rest. */
    static long table(ByteBuffer payload) {
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, HEADER_BYTES);
        while (attributes.next()) {
            if (attributes.type() == RouteAttribute.TABLE) {
                return AttributeValues.unsignedInt(attributes).orElse(0L);
            }
        }
        return payload.get(4) & 0xff;
    }

    private void take(NetlinkAttributes value) {
        switch (value.type()) {
            case RouteAttribute.DST -> destination = AttributeValues.address(value, family);
            case RouteAttribute.SRC -> source = AttributeValues.address(value, family);
            case RouteAttribute.OIF -> index = Math.max(value.number(0), 0);
            case RouteAttribute.GATEWAY -> gateway = AttributeValues.address(value, family);
            case RouteAttribute.VIA -> gateway = via(value);
            case RouteAttribute.PRIORITY ->
                metric = AttributeValues.unsignedInt(value).orElse(0L);
            case RouteAttribute.PREFSRC -> preferredSource = AttributeValues.address(value, family);
            case RouteAttribute.TABLE ->
                table = AttributeValues.unsignedInt(value).orElse(table);
            case RouteAttribute.METRICS -> takeMetrics(value.nested());
            case RouteAttribute.MULTIPATH -> takeNextHops(AttributeValues.structure(value));
            case RouteAttribute.CACHEINFO -> takeExpiry(AttributeValues.structure(value));
            case RouteAttribute.PREF ->
                takePreference(AttributeValues.unsignedByte(value).orElse(0));
            case RouteAttribute.FLOW, RouteAttribute.ENCAP, RouteAttribute.NH_ID -> takeOther(value.type());
            default -> {
                // Nothing else concerns a listing.
            }
        }
    }

    /** {@code struct rtvia}: a family, and an address of it. */
    private static Optional<String> via(NetlinkAttributes value) {
        ByteBuffer bytes = AttributeValues.structure(value);
        if (bytes.limit() <= FAMILY_BYTES) {
            return Optional.empty();
        }
        byte[] address = new byte[bytes.limit() - FAMILY_BYTES];
        bytes.get(FAMILY_BYTES, address);
        return Optional.of(IpText.of(address)).filter(text -> !text.isEmpty());
    }

    private void takeMetrics(NetlinkAttributes metrics) {
        while (metrics.next()) {
            if (metrics.type() == RTAX_MTU) {
                mtu = AttributeValues.unsignedInt(metrics);
            } else if (metrics.type() < METRICS.size()) {
                others.add(METRICS.get(metrics.type()));
            } else {
                others.add("metric " + metrics.type());
            }
        }
    }

    /** The kernel says this of every route of IPv6. */
    private void takePreference(int preference) {
        if (preference != 0) {
            others.add("pref");
        }
    }

    private void takeOther(int type) {
        others.add(type == RouteAttribute.FLOW ? "realms" : type == RouteAttribute.ENCAP ? "encap" : "nhid");
    }

    private void takeExpiry(ByteBuffer information) {
        if (information.limit() >= EXPIRES_OFFSET + Integer.BYTES) {
            expiresS = Optional.of((long) information.getInt(EXPIRES_OFFSET) / TICKS_PER_S)
                    .filter(seconds -> seconds > 0);
        }
    }

    /** Each next hop has a length of its own; an invalid one ends the list. */
    private void takeNextHops(ByteBuffer list) {
        int at = 0;
        while (list.limit() - at >= NEXT_HOP_BYTES) {
            int length = Short.toUnsignedInt(list.getShort(at));
            if (length < NEXT_HOP_BYTES || length > list.limit() - at) {
                return;
            }
            ByteBuffer hop = list.slice(at, length).order(list.order());
            nextHops.add(new NextHop(
                    Math.max(hop.getInt(4), 0), hopGateway(hop), (hop.get(3) & 0xff) + 1, hop.get(2) & 0xff));
            // Netlink pads everything to four bytes.
            at += (length + 3) & ~3;
        }
    }

    private Optional<String> hopGateway(ByteBuffer hop) {
        Optional<String> found = Optional.empty();
        NetlinkAttributes attributes = NetlinkAttributes.of(hop, NEXT_HOP_BYTES);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RouteAttribute.GATEWAY -> found = AttributeValues.address(attributes, family);
                case RouteAttribute.VIA -> found = via(attributes);
                case RouteAttribute.FLOW, RouteAttribute.ENCAP -> takeOther(attributes.type());
                default -> {
                    // Nothing else concerns a listing.
                }
            }
        }
        return found;
    }

    private Optional<ListedRoute> route() {
        int prefix = header.get(1) & 0xff;
        int sourcePrefix = header.get(2) & 0xff;
        if (prefix > family.prefixMax() || sourcePrefix > family.prefixMax() || (prefix > 0 && destination.isEmpty())) {
            return Optional.empty();
        }
        if (nextHops.isEmpty() && (index > 0 || gateway.isPresent())) {
            nextHops.add(new NextHop(index, gateway, 1, header.getInt(8) & 0xff));
        }
        return Optional.of(new ListedRoute(
                family,
                table,
                destination.orElseGet(() -> IpText.of(new byte[family.addressBytes()])) + "/" + prefix,
                source.map(address -> address + "/" + sourcePrefix),
                header.get(7) & 0xff,
                header.get(6) & 0xff,
                header.get(5) & 0xff,
                metric,
                preferredSource,
                header.get(3) & 0xff,
                mtu,
                header.getInt(8),
                expiresS,
                nextHops,
                List.copyOf(others)));
    }
}
