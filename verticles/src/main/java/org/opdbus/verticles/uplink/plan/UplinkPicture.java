// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/**
 * What a plan rests on: the host's network at one moment.
 *
 * @param links all links, by index
 * @param addresses of all links, IPv4 first
 * @param routes of all tables, in the kernel's order
 * @param rules in the order in which the kernel tries them
 * @param bridges of Open vSwitch
 * @param owners who claims a link and how that is known, by the link's name; a link without an owner is not in it
 * @param settings the kernel's settings of each link under {@code /proc/sys/net} that a move takes along, by the link's name and
 *     then by their path with {@code *} in place of the link's name, such as {@code net/ipv6/conf/*}{@code /accept_ra}; what a link gets that is made
 *     anew is under {@link #NEW_LINKS}
 * @param clients the DHCP clients that run for a link, by the link's name
 * @param wireless the names of the links that are wireless
 * @param containers the container at the other end of a link, by the link's name
 * @param moved the plans of the confirmed moves that are on record, by the uplink's name
 * @param troubles what could not be read and a plan needs, in sentences for people; every plan is refused while there is one
 * @param notes what could not be read and a plan can be made without, in sentences for people
 */
public record UplinkPicture(
        List<ListedLink> links,
        List<ListedAddress> addresses,
        List<ListedRoute> routes,
        List<ListedRule> rules,
        List<SwitchBridge> bridges,
        Map<String, List<LinkOwner>> owners,
        Map<String, Map<String, String>> settings,
        Map<String, List<DhcpClient>> clients,
        Set<String> wireless,
        Map<String, String> containers,
        Map<String, UplinkPlan> moved,
        List<String> troubles,
        List<String> notes) {
    /** The kernel's name for the settings of links that are made anew. */
    public static final String NEW_LINKS = "default";

    public UplinkPicture {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
        bridges = List.copyOf(bridges);
        owners = Map.copyOf(owners);
        settings = Map.copyOf(settings);
        clients = Map.copyOf(clients);
        wireless = Set.copyOf(wireless);
        containers = Map.copyOf(containers);
        moved = Map.copyOf(moved);
        troubles = List.copyOf(troubles);
        notes = List.copyOf(notes);
    }

    /** A claim on a link: the owner's name as {@code introspect} shows it, what of its own it is, and how that is known. */
    public record LinkOwner(String owner, String what, String evidence) {}

    /**
     * A bridge of Open vSwitch.
     *
     * @param datapath {@code datapath_type}: {@code system} or empty is the kernel's, {@code netdev} is userspace
     * @param failMode {@code standalone}, {@code secure}, or empty
     * @param controllers the targets of its OpenFlow controllers
     * @param stp whether it runs the spanning tree protocol, or the rapid one
     * @param hwaddr {@code other_config:hwaddr}, if it is set
     * @param ports the names of its ports, without its own
     * @param marks the moves that attached some of its ports, by the port's name
     * @param madeBy the move that made it, if one did
     * @param mtuRequest {@code mtu_request} of its own link, if it is set
     * @param vlans the columns of the rows of its ports that say their VLANs, as members of a JSON object, by the port's name; a port
     *     without such columns is not in it
     */
    public record SwitchBridge(
            String name,
            String datapath,
            Optional<String> failMode,
            List<String> controllers,
            boolean stp,
            Optional<String> hwaddr,
            List<String> ports,
            Map<String, String> marks,
            Optional<String> madeBy,
            Optional<Long> mtuRequest,
            Map<String, String> vlans) {
        public SwitchBridge {
            controllers = List.copyOf(controllers);
            ports = List.copyOf(ports);
            marks = Map.copyOf(marks);
            vlans = Map.copyOf(vlans);
        }

        /** A bridge of which no MTU was requested, and whose ports have no VLANs. */
        public SwitchBridge(
                String name,
                String datapath,
                Optional<String> failMode,
                List<String> controllers,
                boolean stp,
                Optional<String> hwaddr,
                List<String> ports,
                Map<String, String> marks,
                Optional<String> madeBy) {
            this(name, datapath, failMode, controllers, stp, hwaddr, ports, marks, madeBy, Optional.empty(), Map.of());
        }
    }

    /**
     * A process that keeps the address of a link up to date.
     *
     * @param program the program's name, such as {@code dhclient}
     * @param pid its process
     * @param arguments its arguments, without the program
     */
    public record DhcpClient(String program, long pid, List<String> arguments) {
        public DhcpClient {
            arguments = List.copyOf(arguments);
        }
    }

    /** Returns the link with this name as its own. */
    public Optional<ListedLink> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** Returns the bridge with this name. */
    public Optional<SwitchBridge> bridge(String name) {
        return bridges.stream().filter(bridge -> bridge.name().equals(name)).findFirst();
    }
}
