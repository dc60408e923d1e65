// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch.Request;
import org.opdbus.verticles.kernel.netlink.batch.AddressMessages;
import org.opdbus.verticles.kernel.netlink.batch.Neighbour;
import org.opdbus.verticles.kernel.netlink.batch.NeighbourMessages;
import org.opdbus.verticles.kernel.netlink.batch.RouteMessages;
import org.opdbus.verticles.kernel.netlink.batch.RuleMessages;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/**
 * The requests to the kernel that move a network from one link, the giver, to another, the receiver. Pure.
 *
 * <p>The kernel keeps an address, and routes to the same network, on two links at once. As long as the receiver has the addresses
 * too, no route loses its preferred source when the giver loses its address. A link that loses its last address loses all its routes.
 *
 * @param addresses the addresses that the receiver gets
 * @param additions what the receiver gets beside them
 * @param removals what the giver loses
 */
record NetworkChange(List<Request> addresses, List<Request> additions, List<Request> removals) {
    private static final int LABEL_BYTES_MAX = 15;
    private static final int TABLE_LOCAL = 255;
    private static final int DEFAULT_METRIC_OF_IPV6 = 256;
    private static final int RTPROT_KERNEL = 2;
    private static final int IFA_F_SECONDARY = 0x01;
    private static final int IFA_F_DADFAILED = 0x08;
    private static final int IFA_F_TENTATIVE = 0x40;

    NetworkChange {
        addresses = List.copyOf(addresses);
        additions = List.copyOf(additions);
        removals = List.copyOf(removals);
    }

    /** The two links: names, and indices now. */
    record Ends(String from, int fromIndex, String to, int toIndex) {
        String linkInstead(String name) {
            return name.equals(from) ? to : name;
        }

        /** An IPv4 label begins with the link's name: {@code eth0:1}. */
        private String label(String label) {
            if (!label.equals(from) && !label.startsWith(from + ":")) {
                return label;
            }
            String renamed = to + label.substring(from.length());
            return renamed.length() <= LABEL_BYTES_MAX ? renamed : to;
        }
    }

    /**
     * Decides.
     *
     * @param neighbours whom the giver's link knows
     * @param present the addresses of all links now
     */
    static NetworkChange of(Step.Network network, Ends ends, List<Neighbour> neighbours, List<ListedAddress> present) {
        requireSameLink(network, ends);
        List<Request> addresses = new ArrayList<>();
        for (ListedAddress address : network.addresses()) {
            if (present.stream().anyMatch(other -> isUnfinished(other, address, ends.toIndex()))) {
                // The kernel tests whether the address is unique, or found another one: only a new one is usable at
                // once.
                addresses.add(AddressMessages.remove(address, ends.toIndex()));
            }
            addresses.add(addition(address, network, ends));
        }
        List<Request> additions = new ArrayList<>();
        neighbours.stream()
                .filter(each -> each.mac().isPresent() && (each.isLearned() || each.isPermanent()))
                .map(each -> NeighbourMessages.copy(each, ends.toIndex()))
                .forEach(additions::add);
        List<ListedRoute> routes = network.routes().stream()
                .filter(route -> !isMadeWithAddress(route))
                .toList();
        IntUnaryOperator toReceiver = index -> index == ends.fromIndex() ? ends.toIndex() : index;
        routes.forEach(route ->
                additions.addAll(RouteMessages.add(route.forAnotherLink(), onlyFromGiver(route, ends, toReceiver))));
        List<ListedRule> rules = network.rules().stream()
                .filter(rule -> names(rule, ends.from()))
                .toList();
        rules.forEach(rule -> additions.add(RuleMessages.add(rule, ends::linkInstead)));
        List<Request> removals =
                new ArrayList<>(rules.stream().map(RuleMessages::remove).toList());
        reversed(routes)
                .forEach(route -> removals.addAll(
                        RouteMessages.remove(route, onlyFromGiver(route, ends, IntUnaryOperator.identity()))));
        // Others of the same network go with the first one of it, so they go before it.
        reversed(network.addresses())
                .forEach(address -> removals.add(AddressMessages.remove(address, ends.fromIndex())));
        return new NetworkChange(addresses, additions, removals);
    }

    private static boolean names(ListedRule rule, String link) {
        return rule.inputLink().equals(link) || rule.outputLink().equals(link);
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    private static void requireSameLink(Step.Network network, Ends ends) {
        network.addresses().stream()
                .filter(address -> address.index() != ends.fromIndex())
                .findFirst()
                .ifPresent(address -> {
                    throw new UplinkFailure(
                            "the link " + ends.from() + " was replaced since the plan was made (its index was "
                                    + address.index() + " and is " + ends.fromIndex() + "); make the move again");
                });
    }

    private static boolean isUnfinished(ListedAddress other, ListedAddress address, int index) {
        return other.index() == index
                && other.family() == IpFamily.IPV6
                && other.address().equals(address.address())
                && (other.flags() & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0;
    }

    private static Request addition(ListedAddress address, Step.Network network, Ends ends) {
        Optional<ListedRoute> prefixRoute = network.routes().stream()
                .filter(route -> PrefixRoutes.isOf(route, address))
                .findFirst();
        int flags = address.family() == IpFamily.IPV6 ? AddressMessages.IFA_F_NODAD : 0;
        boolean wantsRoute = (address.flags() & IFA_F_SECONDARY) == 0 || address.family() == IpFamily.IPV6;
        if (prefixRoute.isEmpty()
                && wantsRoute
                && address.prefix() < address.family().prefixMax()) {
            // The giver has no such route, so the kernel must not make one for the receiver.
            flags |= AddressMessages.IFA_F_NOPREFIXROUTE;
        }
        return AddressMessages.add(
                address,
                new AddressMessages.Placement(
                        ends.toIndex(),
                        ends.label(address.label()),
                        flags,
                        address.routeMetric()
                                .or(() -> prefixRoute.map(NetworkChange::chosenMetric))
                                .orElse(0L)));
    }

    /** Returns the metric of a network's route if it is not the one that the kernel takes by itself, and 0 otherwise. */
    private static long chosenMetric(ListedRoute route) {
        return route.family() == IpFamily.IPV6 && route.metric() == DEFAULT_METRIC_OF_IPV6 ? 0 : route.metric();
    }

    /** The kernel makes the routes of the table local, and those of IPv6 for multicast, for each link with addresses. */
    private static boolean isMadeWithAddress(ListedRoute route) {
        return route.protocol() == RTPROT_KERNEL && route.table() == TABLE_LOCAL;
    }

    /** The other next hops of a multipath route of IPv6 stay where they are; those of IPv4 belong to the same route. */
    private static IntUnaryOperator onlyFromGiver(ListedRoute route, Ends ends, IntUnaryOperator links) {
        return route.family() == IpFamily.IPV4
                ? links
                : index -> index == ends.fromIndex() ? links.applyAsInt(index) : 0;
    }
}
