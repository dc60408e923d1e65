// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.lab.definition.LabRefusal;

/** A link of the host that a lab may take, because the host does not use it. */
record HostLink(int index, String mac, boolean isUp) {
    /** RT_SCOPE_LINK: the address that the kernel gives each link that is up. */
    private static final int LINK_SCOPE = 253;

    private static final String VETH = "veth";

    /** Finds it by its own name; refuses if there is none, or if the host uses it. */
    static HostLink require(LinkName name) {
        try (NetworkReader host = NetworkReader.open()) {
            List<ListedLink> links = host.links().items();
            ListedLink link =
                    find(links, name).orElseThrow(() -> new LabRefusal("the host has no link " + name, "see: ip link"));
            refuseIf(link.isLoopback(), name + " is the loopback link", "name another link");
            refuseIf(
                    link.master() != 0,
                    name + " is a port of " + nameOf(links, link.master()),
                    "take it from there first: ip link set " + name + " nomaster");
            refuseIf(
                    links.stream().anyMatch(other -> isOn(other, link)),
                    name + " carries other links, such as VLANs",
                    "remove those first, or name another link");
            refuseIf(
                    addresses(host, link.index()),
                    name + " has an IP address, so the host uses it",
                    "remove it first: ip address flush dev " + name);
            return new HostLink(link.index(), link.mac().orElse(""), link.isUp());
        }
    }

    /** Returns whether the host has a link of this name with this hardware address. */
    static boolean has(LinkName name, String mac) {
        try (NetworkReader host = NetworkReader.open()) {
            return find(host.links().items(), name)
                    .filter(link -> link.mac().orElse("").equals(mac))
                    .isPresent();
        }
    }

    private static Optional<ListedLink> find(List<ListedLink> links, LinkName name) {
        return links.stream().filter(link -> link.name().equals(name.value())).findFirst();
    }

    private static void refuseIf(boolean isSo, String why, String remedy) {
        if (isSo) {
            throw new LabRefusal(why, remedy);
        }
    }

    private static String nameOf(List<ListedLink> links, int index) {
        return links.stream()
                .filter(link -> link.index() == index)
                .map(ListedLink::name)
                .findFirst()
                .orElse("another link");
    }

    /** The other end of a veth pair names this link as well. */
    private static boolean isOn(ListedLink other, ListedLink link) {
        return other.lower() == link.index()
                && other.index() != link.index()
                && other.lowerNamespace().isEmpty()
                && !other.kind().equals(VETH);
    }

    private static boolean addresses(NetworkReader host, int index) {
        return Stream.of(IpFamily.values())
                .flatMap(family -> host.addresses(family).items().stream())
                .anyMatch(address -> address.index() == index
                        && !(address.family() == IpFamily.IPV6 && address.scope() == LINK_SCOPE));
    }
}
