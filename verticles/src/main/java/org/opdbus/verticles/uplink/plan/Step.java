// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/**
 * One step of a move. A step says everything that its undo needs. Each step, and each undo, may be repeated, and does no harm if it
 * was carried out before in whole or in part.
 */
public sealed interface Step {
    /** What it does, in a few words for a line of progress, a log or the ledger: {@code attach eth0 to vmbr0}. */
    String title();

    /**
     * Makes the bridge with its own port, or gives a bridge that is there what it must have, before any packet depends on it; its
     * own link is up afterwards. Undo: gives it its former settings; removes the bridge if this step made it and it has no port
     * but its own.
     *
     * @param creates whether the bridge does not exist before
     * @param datapath the {@code datapath_type} of a bridge that is made
     * @param mac the hardware address that it gets as {@code other_config:hwaddr}
     * @param formerHwaddr what {@code other_config:hwaddr} was, if it was set
     * @param mtu the MTU of its own link
     * @param formerMtu what {@code mtu_request} of its own link was, 0 if it was not set; empty if the bridge is made, or in a plan
     *     of a version that did not record it
     */
    record PrepareBridge(
            String bridge,
            boolean creates,
            String datapath,
            String mac,
            Optional<String> formerHwaddr,
            long mtu,
            Optional<Long> formerMtu)
            implements Step {
        /** A step whose undo leaves the MTU as it is. */
        public PrepareBridge(
                String bridge, boolean creates, String datapath, String mac, Optional<String> formerHwaddr, long mtu) {
            this(bridge, creates, datapath, mac, formerHwaddr, mtu, Optional.empty());
        }

        @Override
        public String title() {
            return (creates ? "create the bridge " : "prepare the bridge ") + bridge;
        }
    }

    /**
     * Gives the bridge its former settings, or removes it, after its uplink has left. A bridge that a move made is removed if it
     * has no port but its own; otherwise it stays, with its own settings. Undo: {@link PrepareBridge} with the same values.
     *
     * @param removes whether it is removed
     * @param datapath its {@code datapath_type}
     * @param mac what {@code other_config:hwaddr} is
     * @param formerHwaddr what {@code other_config:hwaddr} shall be, if it shall be set
     * @param mtu the MTU of its own link
     * @param formerMtu what {@code mtu_request} of its own link shall be, 0 if it shall not be set; empty if it stays
     */
    record RestoreBridge(
            String bridge,
            boolean removes,
            String datapath,
            String mac,
            Optional<String> formerHwaddr,
            long mtu,
            Optional<Long> formerMtu)
            implements Step {
        /** A step that leaves the MTU as it is. */
        public RestoreBridge(
                String bridge, boolean removes, String datapath, String mac, Optional<String> formerHwaddr, long mtu) {
            this(bridge, removes, datapath, mac, formerHwaddr, mtu, Optional.empty());
        }

        @Override
        public String title() {
            return (removes ? "remove the bridge " : "give back the settings of the bridge ") + bridge;
        }
    }

    /** Writes files for the next boot. Undo: writes what was there before, if no other program or person has changed them since. */
    record WriteFiles(List<FileChange> files) implements Step {
        public WriteFiles {
            files = List.copyOf(files);
        }

        @Override
        public String title() {
            return "write " + files.stream().map(FileChange::path).collect(Collectors.joining(", "));
        }
    }

    /**
     * Runs a program, such as a manager's own tool that reads its files again. Undo: runs another one, if there is one. A program
     * that fails fails the step.
     *
     * @param what what it does, for people: "stop the DHCP client of eth0"
     * @param arguments the program and its arguments
     * @param undo the program of the undo and its arguments; empty if there is nothing to undo
     */
    record RunProgram(String what, List<String> arguments, List<String> undo) implements Step {
        public RunProgram {
            arguments = List.copyOf(arguments);
            undo = List.copyOf(undo);
        }

        @Override
        public String title() {
            return what;
        }
    }

    /** Writes settings of the kernel. Undo: writes what they were. */
    record WriteSettings(List<Setting> settings) implements Step {
        public WriteSettings {
            settings = List.copyOf(settings);
        }

        @Override
        public String title() {
            return "write " + settings.size()
                    + (settings.size() == 1 ? " setting of the kernel" : " settings of the kernel");
        }
    }

    /** A setting: its absolute path below {@code /proc/sys/net}, and its values. */
    record Setting(String path, String before, String after) {}

    /**
     * Makes the link a port of the bridge, in one transaction, with the mark of this move; done when Open vSwitch forwards packets
     * through it. Undo: removes the port, if it bears the mark.
     */
    record AttachLink(String link, String bridge) implements Step {
        @Override
        public String title() {
            return "attach " + link + " to " + bridge;
        }
    }

    /**
     * Removes the link's port from the bridge. Undo: {@link AttachLink}, with the VLANs of the port.
     *
     * @param vlans the columns of the port's row that say its VLANs, as members of a JSON object: {@code "tag":42}
     */
    record DetachLink(String link, String bridge, Optional<String> vlans) implements Step {
        /** A port without VLANs. */
        public DetachLink(String link, String bridge) {
            this(link, bridge, Optional.empty());
        }

        @Override
        public String title() {
            return "detach " + link + " from " + bridge;
        }
    }

    /**
     * Moves what makes the host reachable from one link to another: the receiver gets everything before the giver loses it, in one
     * batch, so that no address of the host is missing at any moment. What the giver does not have any more is no failure. Undo:
     * the same in the other direction.
     *
     * @param from the link that has them
     * @param to the link that gets them
     * @param network what moves; its indices are those of {@code from} when the plan was made
     */
    record MoveNetwork(String from, String to, Network network) implements Step {
        @Override
        public String title() {
            return "move the addresses and routes of " + from + " to " + to;
        }
    }

    /**
     * Addresses, routes and rules.
     *
     * @param addresses in the order in which they must be added
     * @param routes in the order in which they must be added: routes to links first, those through a gateway after them
     *     The routes to the networks of the addresses are among them, also those that the kernel made (RTPROT_KERNEL): an address
     *     without such a route must not get one. The routes of the table local are not, nor are those for multicast
     * @param rules the rules that name the link; rules that name no link stay as they are
     */
    record Network(List<ListedAddress> addresses, List<ListedRoute> routes, List<ListedRule> rules) {
        public Network {
            addresses = List.copyOf(addresses);
            routes = List.copyOf(routes);
            rules = List.copyOf(rules);
        }
    }

    /** Tells the neighbours on a link where the addresses are (RFC 5227 section 3, RFC 4861 section 7.2.6). No undo. */
    record Announce(String link, String mac, List<ListedAddress> addresses) implements Step {
        public Announce {
            addresses = List.copyOf(addresses);
        }

        @Override
        public String title() {
            return "announce the addresses on " + link;
        }
    }

    /** Asks each target over a link, three times at most; fails if one of them never answers. No undo. */
    record Probe(String link, List<ProbeTarget> targets) implements Step {
        public Probe {
            targets = List.copyOf(targets);
        }

        @Override
        public String title() {
            return "probe " + targets.stream().map(ProbeTarget::address).collect(Collectors.joining(", "));
        }
    }
}
