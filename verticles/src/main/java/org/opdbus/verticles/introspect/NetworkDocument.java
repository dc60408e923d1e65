// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.kernel.netlink.LinkSpeed;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/**
 * This host's network at one moment.
 *
 * @param host the host's name
 * @param time when it was read
 * @param links by index
 * @param routes IPv4 first, then by table, in the kernel's order
 * @param rules IPv4 first, in the order in which the kernel tries them
 * @param resolver the configuration of name resolution
 * @param bridges of Open vSwitch, by name
 * @param containers by id
 * @param linkNames the names of the links by index
 * @param leftOut how many objects of each kind were over the limit, by the kind's key; no key for none
 * @param troubles what could not be read, in sentences for people
 */
public record NetworkDocument(
        String host,
        Instant time,
        List<OwnedLink> links,
        List<OwnedRoute> routes,
        List<OwnedRule> rules,
        Resolver resolver,
        List<OwnedBridge> bridges,
        List<OwnedContainer> containers,
        Map<Integer, String> linkNames,
        Map<String, Long> leftOut,
        List<String> troubles) {
    public NetworkDocument {
        links = List.copyOf(links);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
        bridges = List.copyOf(bridges);
        containers = List.copyOf(containers);
        linkNames = Map.copyOf(linkNames);
        leftOut = Map.copyOf(leftOut);
        troubles = List.copyOf(troubles);
    }

    /**
     * Who owns an object, and how that is known.
     *
     * @param owner the owner's name
     * @param what which of the owner's connections, files, stanzas or containers it is
     * @param evidence how it is known
     */
    public record Evidence(String owner, String what, String evidence) {}

    /**
     * A link.
     *
     * @param bridge the bridge of Open vSwitch of which it is a port
     * @param container the container at the other end
     * @param addresses in the kernel's order, IPv4 first
     * @param owners the first one is the owner; empty if it is nobody's
     */
    public record OwnedLink(
            ListedLink link,
            LinkSpeed speed,
            Optional<String> bridge,
            Optional<String> container,
            List<OwnedAddress> addresses,
            List<Evidence> owners) {
        public OwnedLink {
            addresses = List.copyOf(addresses);
            owners = List.copyOf(owners);
        }
    }

    /** An address of a link. */
    public record OwnedAddress(ListedAddress address, List<Evidence> owners) {
        public OwnedAddress {
            owners = List.copyOf(owners);
        }
    }

    /** A route. */
    public record OwnedRoute(ListedRoute route, List<Evidence> owners) {
        public OwnedRoute {
            owners = List.copyOf(owners);
        }
    }

    /** A rule. */
    public record OwnedRule(ListedRule rule, List<Evidence> owners) {
        public OwnedRule {
            owners = List.copyOf(owners);
        }
    }

    /**
     * The configuration of name resolution (resolv.conf(5)).
     *
     * @param target where the file leads, if it is a symbolic link
     * @param upstream the servers that a local resolver at 127.0.0.53 asks
     */
    public record Resolver(
            Optional<String> target,
            List<String> nameservers,
            List<String> search,
            List<String> options,
            List<String> upstream,
            List<Evidence> owners) {
        public Resolver {
            nameservers = List.copyOf(nameservers);
            search = List.copyOf(search);
            options = List.copyOf(options);
            upstream = List.copyOf(upstream);
            owners = List.copyOf(owners);
        }
    }

    /** A bridge of Open vSwitch. */
    public record OwnedBridge(
            String name,
            String datapath,
            Optional<String> failMode,
            List<SwitchRows.Controller> controllers,
            List<SwitchRows.Mirror> mirrors,
            List<OwnedPort> ports,
            List<Evidence> owners) {
        public OwnedBridge {
            controllers = List.copyOf(controllers);
            mirrors = List.copyOf(mirrors);
            ports = List.copyOf(ports);
            owners = List.copyOf(owners);
        }
    }

    /** A port of Open vSwitch. */
    public record OwnedPort(Port port, List<Evidence> owners) {
        public OwnedPort {
            owners = List.copyOf(owners);
        }
    }

    /** A container of this host. */
    public record OwnedContainer(KnownContainer container, List<Evidence> owners) {
        public OwnedContainer {
            owners = List.copyOf(owners);
        }
    }
}
