// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch.Request;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.RouteAttribute;

/**
 * Requests that add routes and remove them (RTM_NEWROUTE and RTM_DELROUTE, {@code linux/rtnetlink.h}).
 *
 * <p>A route of IPv4 that is added stands before others with the same destination and metric, which stay. A multipath route of
 * IPv6 is for the kernel a group of routes with one next hop each, and so it is here.
 */
public final class RouteMessages {
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int NLM_F_CREATE = 0x400;
    private static final int HEADER_BYTES = 12;
    private static final int RTAX_MTU = 2;
    private static final int RTNH_F_ONLINK = 4;
    /** What the byte in the header says if the table's number does not fit (RT_TABLE_COMPAT). */
    private static final int TABLE_ELSEWHERE = 252;

    private static final int TABLE_BYTE_MAX = 255;

    private RouteMessages() {}

    /**
     * Returns the requests that add a route.
     *
     * @param links the link of each next hop, from the link that the listing has for it; 0 leaves a next hop of IPv6 as it is
     */
    public static List<Request> add(ListedRoute route, IntUnaryOperator links) {
        return requests(route, links, RTM_NEWROUTE);
    }

    /** Returns the requests that remove a route. */
    public static List<Request> remove(ListedRoute route, IntUnaryOperator links) {
        return requests(route, links, RTM_DELROUTE);
    }

    private static List<Request> requests(ListedRoute route, IntUnaryOperator links, int type) {
        if (route.family() == IpFamily.IPV4) {
            return List.of(request(route, route.nextHops(), links, type));
        }
        return route.nextHops().stream()
                .filter(hop -> links.applyAsInt(hop.index()) != 0)
                .map(hop -> request(route, List.of(hop), links, type))
                .toList();
    }

    private static Request request(ListedRoute route, List<NextHop> hops, IntUnaryOperator links, int type) {
        MessageBody body = body(route);
        boolean isNew = type == RTM_NEWROUTE;
        if (isNew) {
            route.preferredSource().ifPresent(source -> body.address(RouteAttribute.PREFSRC, source));
            metrics(body, route);
            route.expiresS()
                    .ifPresent(
                            seconds -> body.attribute(RouteAttribute.EXPIRES, (int) Math.min(seconds, 0x7fff_ffffL)));
        }
        if (hops.size() == 1 && hops.get(0).weight() == 1) {
            NextHop hop = hops.get(0);
            body.intAt(8, hop.flags() & RTNH_F_ONLINK).attribute(RouteAttribute.OIF, links.applyAsInt(hop.index()));
            hop.gateway().ifPresent(gateway -> gateway(body, route, gateway));
        } else {
            int start = body.begin(RouteAttribute.MULTIPATH, false);
            for (NextHop hop : hops) {
                int hopStart = body.beginHop(hop.flags() & RTNH_F_ONLINK, hop.weight(), links.applyAsInt(hop.index()));
                hop.gateway().ifPresent(gateway -> gateway(body, route, gateway));
                body.end(hopStart);
            }
            body.end(start);
        }
        return new Request(
                type,
                isNew ? NLM_F_CREATE : 0,
                body.done(),
                isNew ? Set.of("EEXIST") : Set.of("ESRCH", "ENOENT", "ENODEV"),
                (isNew ? "add" : "remove") + " the route " + words(route, hops));
    }

    private static void metrics(MessageBody body, ListedRoute route) {
        route.mtu().ifPresent(mtu -> {
            int start = body.begin(RouteAttribute.METRICS, true);
            body.attribute(RTAX_MTU, mtu.intValue()).end(start);
        });
    }

    private static MessageBody body(ListedRoute route) {
        MessageBody body = new MessageBody(HEADER_BYTES)
                .byteAt(0, route.family().number())
                .byteAt(1, MessageBody.prefixOf(route.destination()))
                .byteAt(2, route.source().map(MessageBody::prefixOf).orElse(0))
                .byteAt(3, route.tos())
                .byteAt(4, route.table() > TABLE_BYTE_MAX ? TABLE_ELSEWHERE : (int) route.table())
                .byteAt(5, route.protocol())
                .byteAt(6, route.scope())
                .byteAt(7, route.type())
                .attribute(RouteAttribute.TABLE, (int) route.table());
        if (MessageBody.prefixOf(route.destination()) > 0) {
            body.address(RouteAttribute.DST, MessageBody.addressOf(route.destination()));
        }
        route.source().ifPresent(source -> body.address(RouteAttribute.SRC, MessageBody.addressOf(source)));
        if (route.metric() != 0) {
            body.attribute(RouteAttribute.PRIORITY, (int) route.metric());
        }
        return body;
    }

    /** A router of the other family stands in an attribute of its own, with its family before it ({@code struct rtvia}). */
    private static void gateway(MessageBody body, ListedRoute route, String gateway) {
        byte[] address = MessageBody.addressBytes(gateway);
        if (address.length == route.family().addressBytes()) {
            body.attribute(RouteAttribute.GATEWAY, address);
            return;
        }
        IpFamily other = route.family() == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4;
        body.attribute(
                RouteAttribute.VIA,
                ByteBuffer.allocate(Short.BYTES + address.length)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) other.number())
                        .put(address)
                        .array());
    }

    private static String words(ListedRoute route, List<NextHop> hops) {
        Optional<String> gateway =
                hops.stream().flatMap(hop -> hop.gateway().stream()).findFirst();
        return route.destination()
                + gateway.map(router -> " through " + router).orElse("")
                + " of table "
                + route.table()
                + (route.metric() == 0 ? "" : " with metric " + route.metric());
    }
}
