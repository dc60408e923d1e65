// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.NetlinkAttributes;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.IpText;
import org.opdbus.verticles.kernel.netlink.listing.RouteAttribute;

/**
 * The addresses of IPv6 for which the kernel takes packets because of one link: those with a route in the table local. A link has a
 * new address some moments earlier.
 */
public final class ReceivedAddresses implements NetlinkListing.Visitor {
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_GETROUTE = 26;
    private static final int HEADER_BYTES = 12;
    private static final byte RTN_LOCAL = 2;
    private static final int RT_TABLE_LOCAL = 255;

    private final int index;
    private final Set<String> addresses = new HashSet<>();

    private ReceivedAddresses(int index) {
        this.index = index;
    }

    /** Returns the addresses of a link; blocks. */
    public static Set<String> list(NetlinkListing kernel, int index) {
        byte[] body = new MessageBody(HEADER_BYTES)
                .byteAt(0, IpFamily.IPV6.number())
                .attribute(RouteAttribute.TABLE, RT_TABLE_LOCAL)
                .attribute(RouteAttribute.OIF, index)
                .done()
                .array();
        return kernel.list(
                        RTM_GETROUTE, body, "list the addresses of link " + index, () -> new ReceivedAddresses(index))
                .visitor()
                .addresses;
    }

    /** A kernel that does not know the filter lists every route. */
    @Override
    public void visit(int type, ByteBuffer payload) {
        if (type != RTM_NEWROUTE || payload.limit() < HEADER_BYTES || payload.get(7) != RTN_LOCAL) {
            return;
        }
        String address = "";
        boolean isHere = false;
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, HEADER_BYTES);
        while (attributes.next()) {
            if (attributes.type() == RouteAttribute.DST && attributes.length() == IpFamily.IPV6.addressBytes()) {
                address = IpText.of(attributes.value());
            } else if (attributes.type() == RouteAttribute.OIF) {
                isHere = attributes.number(0) == index;
            }
        }
        if (isHere) {
            addresses.add(address);
        }
    }
}
