// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/** Records of the listing with another value. */
final class Copies {
    private Copies() {}

    static ListedLink placed(ListedLink link, int master, int lower) {
        return new ListedLink(
                link.index(),
                link.name(),
                link.altNames(),
                link.alias(),
                link.kind(),
                link.hardware(),
                link.mac(),
                link.permanentMac(),
                link.mtu(),
                link.flags(),
                link.operState(),
                master,
                lower,
                link.lowerNamespace(),
                link.vlan(),
                link.parentDevice());
    }

    static ListedRoute withOthers(ListedRoute route, List<String> others) {
        return copy(route, route.table(), route.type(), route.metric(), route.nextHops(), others);
    }

    /** Returns the route in another table, and of another type (RTN_*). */
    static ListedRoute kind(ListedRoute route, long table, int type) {
        return copy(route, table, type, route.metric(), route.nextHops(), route.others());
    }

    /** Returns the route over these next hops. */
    static ListedRoute over(ListedRoute route, List<NextHop> hops) {
        return copy(route, route.table(), route.type(), route.metric(), hops, route.others());
    }

    /** Returns the route with another metric in another table. */
    static ListedRoute placed(ListedRoute route, long table, long metric) {
        return copy(route, table, route.type(), metric, route.nextHops(), route.others());
    }

    private static ListedRoute copy(
            ListedRoute route, long table, int type, long metric, List<NextHop> hops, List<String> others) {
        return new ListedRoute(
                route.family(),
                table,
                route.destination(),
                route.source(),
                type,
                route.scope(),
                route.protocol(),
                metric,
                route.preferredSource(),
                route.tos(),
                route.mtu(),
                route.flags(),
                route.expiresS(),
                hops,
                others);
    }

    /** Returns the address on another link. */
    static ListedAddress on(ListedAddress address, int link) {
        return new ListedAddress(
                link,
                address.family(),
                address.address(),
                address.prefix(),
                address.peer(),
                address.broadcast(),
                address.label(),
                address.scope(),
                address.flags(),
                address.protocol(),
                address.validS(),
                address.preferredS(),
                address.routeMetric());
    }

    /** Returns the rule for other links. */
    static ListedRule rule(ListedRule rule, String inputLink, String outputLink) {
        return new ListedRule(
                rule.family(),
                rule.priority(),
                rule.action(),
                rule.table(),
                rule.goTo(),
                rule.protocol(),
                rule.isInverted(),
                rule.source(),
                rule.destination(),
                inputLink,
                outputLink,
                rule.mark(),
                rule.tos(),
                rule.ipProtocol(),
                rule.sourcePorts(),
                rule.destinationPorts(),
                rule.users(),
                rule.suppressedPrefix(),
                rule.isMasterTable());
    }
}
