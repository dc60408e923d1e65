// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.opdbus.verticles.kernel.netlink.LinkSpeed;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;

/**
 * Lists links, addresses, routes and rules of a network namespace. Every method blocks, and throws {@link NetlinkException}: never
 * call one on an event loop. For one thread at a time.
 */
public final class NetworkReader implements AutoCloseable {
    /** How many links are kept. */
    public static final int LINKS_MAX = 4_096;

    /** How many addresses of each family are kept. */
    public static final int ADDRESSES_MAX = 4_096;

    /** How many rules of each family are kept. */
    public static final int RULES_MAX = 2_048;

    /** How many routes of each family are kept. */
    public static final int ROUTES_MAX = 4_096;

    /** How many routes of one table are kept. */
    public static final int TABLE_ROUTES_MAX = 1_024;

    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_GETRULE = 34;
    private static final int IFLA_EXT_MASK = 29;
    private static final int ATTRIBUTE_BYTES = 8;
    /** Counters take most of a message about a link. */
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    private final NetlinkListing kernel;

    private NetworkReader(NetlinkListing kernel) {
        this.kernel = kernel;
    }

    /** Opens the namespace of the calling thread. */
    public static NetworkReader open() {
        return new NetworkReader(NetlinkListing.open());
    }

    /** Opens another namespace; the caller may close the handle afterwards. */
    public static NetworkReader open(NetworkNamespace namespace) {
        return new NetworkReader(NetlinkListing.open(namespace));
    }

    /** Returns the links. */
    public Listed<ListedLink> links() {
        byte[] body = ByteBuffer.allocate(ListedLinkReader.HEADER_BYTES + ATTRIBUTE_BYTES)
                .order(ByteOrder.nativeOrder())
                .position(ListedLinkReader.HEADER_BYTES)
                .putShort((short) ATTRIBUTE_BYTES)
                .putShort((short) IFLA_EXT_MASK)
                .putInt(RTEXT_FILTER_SKIP_STATS)
                .array();
        return LimitedVisitor.listed(kernel.list(
                RTM_GETLINK, body, "list the links", () -> new LimitedVisitor<>(LINKS_MAX, ListedLinkReader::read)));
    }

    /** Returns the speed of a link; a link that cannot tell, or does not exist, has none. */
    public LinkSpeed speed(ListedLink link) {
        return kernel.speed(link.name());
    }

    /** Returns the addresses of all links. */
    public Listed<ListedAddress> addresses(IpFamily family) {
        return LimitedVisitor.listed(kernel.list(
                RTM_GETADDR,
                body(family, ListedAddressReader.HEADER_BYTES),
                "list the addresses",
                () -> new LimitedVisitor<>(
                        ADDRESSES_MAX, (type, payload) -> ListedAddressReader.read(family, type, payload))));
    }

    /** Returns the routes of all tables. */
    public Listed<ListedRoute> routes(IpFamily family) {
        RouteVisitor.Limits limits = new RouteVisitor.Limits(ROUTES_MAX, TABLE_ROUTES_MAX);
        return RouteVisitor.listed(kernel.list(
                RTM_GETROUTE,
                body(family, ListedRouteReader.HEADER_BYTES),
                "list the routes",
                () -> new RouteVisitor(family, limits)));
    }

    /** Returns the rules, in the order in which the kernel tries them. */
    public Listed<ListedRule> rules(IpFamily family) {
        return LimitedVisitor.listed(kernel.list(
                RTM_GETRULE,
                body(family, ListedRuleReader.HEADER_BYTES),
                "list the rules",
                () -> new LimitedVisitor<>(
                        RULES_MAX, (type, payload) -> ListedRuleReader.read(family, type, payload))));
    }

    /** A header that names a family, and asks for everything of it. */
    private static byte[] body(IpFamily family, int bytes) {
        return ByteBuffer.allocate(bytes).put((byte) family.number()).array();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
