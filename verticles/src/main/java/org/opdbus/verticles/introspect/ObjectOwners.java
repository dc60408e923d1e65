// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.introspect.NetworkDocument.Evidence;
import org.opdbus.verticles.introspect.owner.Claim;
import org.opdbus.verticles.introspect.owner.Owner;
import org.opdbus.verticles.introspect.owner.Ownership;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/**
 * Derives who owns an address, a route or a rule. The kernel keeps the protocol of the program that made it. If that names the
 * kernel or a routing daemon, it decides. Otherwise the object belongs to the program that configures its link, and the evidence
 * says that this is a conclusion. If no program configures the link, the object belongs to nobody.
 */
final class ObjectOwners {
    private static final String KERNEL = "kernel";

    /** They give links addresses and routes. The agent and LXC do not, on the host's side of a container's link. */
    private static final Set<Owner> CONFIGURING =
            EnumSet.of(Owner.PROXMOX, Owner.NETPLAN, Owner.NETWORK_MANAGER, Owner.NETWORKD, Owner.IFUPDOWN);

    /** They make bridges of their own, with addresses. */
    private static final Set<Owner> WITH_BRIDGES = EnumSet.of(Owner.LXC, Owner.DOCKER, Owner.LIBVIRT);

    /** Routing daemons and others that have a protocol of their own ({@code linux/rtnetlink.h}). */
    private static final Set<Integer> DAEMONS = Set.of(8, 10, 11, 12, 14, 15, 17, 18, 42, 99, 186, 187, 188, 189, 192);

    private static final int RTPROT_KERNEL = 2;
    private static final int RTPROT_REDIRECT = 1;
    private static final int RTPROT_RA = 9;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_SCOPE_HOST = 254;

    private final Map<Integer, ListedLink> links;
    private final Ownership ownership;

    ObjectOwners(Map<Integer, ListedLink> links, Ownership ownership) {
        this.links = links;
        this.ownership = ownership;
    }

    /** Returns who owns a link. */
    List<Evidence> of(ListedLink link) {
        List<Evidence> claimed = evidence(ownership.of(link.name()));
        if (!link.isLoopback()) {
            return claimed;
        }
        List<Evidence> all = new ArrayList<>(kernel("every network namespace has this link"));
        all.addAll(claimed);
        return all;
    }

    /** Returns who owns what has this name. */
    List<Evidence> ofName(String name) {
        return evidence(ownership.of(name));
    }

    /** Returns who owns the configuration of the resolver. */
    List<Evidence> ofResolver() {
        return evidence(ownership.ofResolver());
    }

    /** Returns who owns an address. */
    List<Evidence> of(ListedAddress address) {
        if (address.protocol() > 0 && address.protocol() <= 3) {
            return kernel("address with proto " + KernelWords.addressProtocol(address.protocol()));
        }
        ListedLink link = links.get(address.index());
        if (link != null && link.isLoopback() && address.scope() == RT_SCOPE_HOST) {
            return kernel("the kernel gives the loopback link its addresses");
        }
        // Linux before 5.18 does not say who made an address.
        if (address.protocol() == 0
                && address.scope() == RT_SCOPE_LINK
                && address.address().startsWith("fe80:")) {
            return kernel("an address of the link's own scope");
        }
        return concluded(Optional.ofNullable(link), "the address");
    }

    /** Returns who owns a route. */
    List<Evidence> of(ListedRoute route) {
        String proto = KernelWords.routeProtocol(route.protocol());
        if (route.protocol() == RTPROT_KERNEL || route.protocol() == RTPROT_REDIRECT) {
            return kernel("route with proto " + proto);
        }
        if (DAEMONS.contains(route.protocol())) {
            return List.of(new Evidence(proto, "routing protocol " + proto, "route with proto " + proto));
        }
        Optional<ListedLink> link =
                route.nextHops().stream().findFirst().flatMap(hop -> Optional.ofNullable(links.get(hop.index())));
        List<Evidence> concluded = concluded(link, "the route (proto " + proto + ")");
        // A program that configures a link takes router advertisements itself, or lets the kernel do it.
        return concluded.isEmpty() && route.protocol() == RTPROT_RA ? kernel("route with proto ra") : concluded;
    }

    /** Returns who owns a rule. */
    List<Evidence> of(ListedRule rule) {
        String proto = KernelWords.routeProtocol(rule.protocol());
        if (rule.protocol() == RTPROT_KERNEL) {
            return kernel("rule with proto kernel");
        }
        if (DAEMONS.contains(rule.protocol())) {
            return List.of(new Evidence(proto, "routing protocol " + proto, "rule with proto " + proto));
        }
        String name = rule.inputLink().isEmpty() ? rule.outputLink() : rule.inputLink();
        return concluded(
                links.values().stream().filter(link -> link.name().equals(name)).findFirst(),
                "the rule (proto " + proto + ")");
    }

    private List<Evidence> concluded(Optional<ListedLink> link, String object) {
        return link.stream()
                .flatMap(on -> ownership.of(on.name()).stream().filter(claim -> configures(claim, on)))
                .findFirst()
                .map(claim -> List.of(new Evidence(
                        claim.owner().word(),
                        claim.what(),
                        object + " is on " + claim.link() + ", which is configured there: " + claim.evidence())))
                .orElse(List.of());
    }

    private static boolean configures(Claim claim, ListedLink link) {
        return CONFIGURING.contains(claim.owner())
                || (WITH_BRIDGES.contains(claim.owner()) && link.kind().equals("bridge"));
    }

    private static List<Evidence> evidence(List<Claim> claims) {
        return claims.stream()
                .map(claim -> new Evidence(claim.owner().word(), claim.what(), claim.evidence()))
                .toList();
    }

    private static List<Evidence> kernel(String evidence) {
        return List.of(new Evidence(KERNEL, "made by the kernel itself", evidence));
    }
}
