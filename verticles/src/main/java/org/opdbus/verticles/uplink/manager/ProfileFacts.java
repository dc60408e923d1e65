// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import io.netty.util.NetUtil;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/** Takes from a picture what the bridge's profile must say and the link's does not. Pure. */
final class ProfileFacts {
    private static final int TEMPORARY = 0x01;
    private static final int PERMANENT = 0x80;
    private static final int GLOBAL = 0;
    private static final int IDENTIFIER_BYTES = 8;
    private static final int PREFIX_OF_ROUTERS = 64;
    private static final int PREFIX_OF_LEASES = 128;

    /** NetworkManager adds this to the metric of a link by which it does not reach the Internet. */
    private static final long PENALTY = 20_000;

    private final UplinkPicture picture;
    private final MoveRequest request;
    private final int index;

    ProfileFacts(UplinkPicture picture, MoveRequest request) {
        this.picture = picture;
        this.request = request;
        this.index = picture.link(request.link()).map(ListedLink::index).orElse(0);
    }

    ProfileRewrite.Facts of(String path) {
        return new ProfileRewrite.Facts(
                path,
                request.link(),
                request.bridge(),
                isTap(),
                metrics(),
                identifiers(),
                dynamic(PREFIX_OF_LEASES).size() > 0);
    }

    /** As the planner chooses the datapath of a new bridge. */
    private boolean isTap() {
        List<String> datapaths = picture.bridge(request.bridge()).map(List::of).orElse(picture.bridges()).stream()
                .map(SwitchBridge::datapath)
                .distinct()
                .toList();
        return datapaths.equals(List.of("netdev"));
    }

    private Map<String, Long> metrics() {
        Map<String, Long> metrics = new HashMap<>();
        for (ListedRoute route : picture.routes()) {
            boolean isHere = route.nextHops().stream().anyMatch(hop -> hop.index() == index);
            if (isHere && route.isDefault() && route.metric() > 0) {
                metrics.merge(route.family() == IpFamily.IPV4 ? "ipv4" : "ipv6", route.metric() % PENALTY, Math::min);
            }
        }
        return metrics;
    }

    private Set<String> identifiers() {
        Set<String> identifiers = new LinkedHashSet<>();
        for (ListedAddress address : dynamic(PREFIX_OF_ROUTERS)) {
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address.address());
            if (bytes != null && bytes.length == 2 * IDENTIFIER_BYTES) {
                identifiers.add(identifier(bytes));
            }
        }
        return identifiers;
    }

    private static String identifier(byte[] address) {
        StringBuilder text = new StringBuilder(":");
        for (int i = IDENTIFIER_BYTES; i < address.length; i += 2) {
            text.append(':')
                    .append(Integer.toHexString(
                            (Byte.toUnsignedInt(address[i]) << Byte.SIZE) | Byte.toUnsignedInt(address[i + 1])));
        }
        return text.toString();
    }

    private List<ListedAddress> dynamic(int prefix) {
        return picture.addresses().stream()
                .filter(address -> address.index() == index
                        && address.family() == IpFamily.IPV6
                        && address.scope() == GLOBAL
                        && address.prefix() == prefix
                        && (address.flags() & (TEMPORARY | PERMANENT)) == 0)
                .toList();
    }
}
