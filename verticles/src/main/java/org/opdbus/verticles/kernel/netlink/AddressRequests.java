// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.NetlinkFormat.Message;

/** IPv4 addresses and default routes as rtnetlink messages ({@code linux/if_addr.h}, {@code linux/rtnetlink.h}). */
final class AddressRequests {
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_GETROUTE = 26;
    private static final byte AF_INET = 2;
    private static final int ADDRESS_HEADER_BYTES = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_BROADCAST = 4;
    private static final int ROUTE_HEADER_BYTES = 12;
    private static final byte RT_TABLE_MAIN = (byte) 254;
    private static final byte RTPROT_STATIC = 4;
    private static final byte RTN_UNICAST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    /** A network with a longer prefix has no broadcast address (RFC 3021). */
    private static final int PREFIX_WITH_BROADCAST_MAX = 30;

    private final NetlinkExchange kernel;

    AddressRequests(NetlinkExchange kernel) {
        this.kernel = kernel;
    }

    List<LinkAddress> addresses(int index) {
        NetlinkRequest request = NetlinkRequest.dump(RTM_GETADDR).header(addressHeader(index, 0));
        List<LinkAddress> all = kernel.ask(request, "list the addresses of link " + index, AddressRequests::address);
        return all.stream().filter(address -> address.index() == index).toList();
    }

    void add(LinkAddress address) {
        NetlinkRequest request = NetlinkRequest.command(
                        RTM_NEWADDR, NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_REPLACE)
                .header(addressHeader(address.index(), address.prefix()))
                .attribute(IFA_LOCAL, address.address().getAddress())
                .attribute(IFA_ADDRESS, address.address().getAddress());
        if (address.prefix() <= PREFIX_WITH_BROADCAST_MAX) {
            request.attribute(IFA_BROADCAST, broadcast(address));
        }
        kernel.command(request, "give link " + address.index() + " the address " + address);
    }

    void remove(LinkAddress address) {
        NetlinkRequest request = NetlinkRequest.command(RTM_DELADDR, 0)
                .header(addressHeader(address.index(), address.prefix()))
                .attribute(IFA_LOCAL, address.address().getAddress())
                .attribute(IFA_ADDRESS, address.address().getAddress());
        kernel.command(request, "remove the address " + address + " from link " + address.index());
    }

    List<DefaultRoute> defaultRoutes() {
        NetlinkRequest request = NetlinkRequest.dump(RTM_GETROUTE).header(routeHeader((byte) 0, (byte) 0));
        try {
            return kernel.ask(request, "list the default routes", AddressRequests::defaultRoute);
        } catch (NetlinkException e) {
            // A namespace in which no route was ever set has no routing table.
            if (e.errno().equals("ENOENT")) {
                return List.of();
            }
            throw e;
        }
    }

    void replaceDefault(DefaultRoute route) {
        NetlinkRequest request = NetlinkRequest.command(
                        RTM_NEWROUTE, NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_REPLACE)
                .header(routeHeader(RTPROT_STATIC, RTN_UNICAST))
                .attribute(RTA_GATEWAY, route.gateway().getAddress())
                .attribute(RTA_OIF, route.index());
        kernel.command(
                request,
                "make " + route.gateway().getHostAddress() + " the default gateway through link " + route.index());
    }

    private static byte[] addressHeader(int index, int prefix) {
        return ByteBuffer.allocate(ADDRESS_HEADER_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(AF_INET)
                .put((byte) prefix)
                .putShort((short) 0)
                .putInt(index)
                .array();
    }

    private static byte[] routeHeader(byte protocol, byte type) {
        return ByteBuffer.allocate(ROUTE_HEADER_BYTES)
                .put(AF_INET)
                .put(4, RT_TABLE_MAIN)
                .put(5, protocol)
                .put(7, type)
                .array();
    }

    private static byte[] broadcast(LinkAddress address) {
        int network = ByteBuffer.wrap(address.address().getAddress()).getInt();
        return ByteBuffer.allocate(Integer.BYTES)
                .putInt(network | -1 >>> address.prefix())
                .array();
    }

    private static @Nullable LinkAddress address(Message message) {
        ByteBuffer payload = message.payload();
        if (message.type() != RTM_NEWADDR || payload.limit() < ADDRESS_HEADER_BYTES || payload.get(0) != AF_INET) {
            return null;
        }
        ByteBuffer local = values(payload, ADDRESS_HEADER_BYTES).get(IFA_LOCAL);
        return local == null ? null : new LinkAddress(payload.getInt(4), inet4(local), payload.get(1));
    }

    private static @Nullable DefaultRoute defaultRoute(Message message) {
        ByteBuffer payload = message.payload();
        if (message.type() != RTM_NEWROUTE
                || payload.limit() < ROUTE_HEADER_BYTES
                || payload.get(0) != AF_INET
                || payload.get(1) != 0
                || payload.get(4) != RT_TABLE_MAIN
                || payload.get(7) != RTN_UNICAST) {
            return null;
        }
        Map<Integer, ByteBuffer> values = values(payload, ROUTE_HEADER_BYTES);
        ByteBuffer gateway = values.get(RTA_GATEWAY);
        ByteBuffer link = values.get(RTA_OIF);
        return gateway == null || link == null ? null : new DefaultRoute(link.getInt(0), inet4(gateway));
    }

    /** Returns the attributes of at least four bytes; all attributes needed here have that many. */
    private static Map<Integer, ByteBuffer> values(ByteBuffer payload, int offset) {
        Map<Integer, ByteBuffer> values = new HashMap<>();
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, offset);
        while (attributes.next()) {
            if (attributes.length() >= Integer.BYTES) {
                values.put(
                        attributes.type(), ByteBuffer.wrap(attributes.value()).order(ByteOrder.nativeOrder()));
            }
        }
        return values;
    }

    private static Inet4Address inet4(ByteBuffer value) {
        byte[] bytes = new byte[Integer.BYTES];
        value.get(0, bytes);
        try {
            return (Inet4Address) InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are always an IPv4 address", e);
        }
    }
}
