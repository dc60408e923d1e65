// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.uplink.manager.NetworkFile.Line;
import org.opdbus.verticles.uplink.manager.NetworkFile.Section;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** Makes the files of systemd.network(5) for the bridge and for the link out of the one that the link had. Pure. */
final class NetworkRewrite {
    /** Sections that describe addresses and routes, and mean the same for another link. */
    private static final Set<String> MOVING = Set.of(
            "Network",
            "Address",
            "Route",
            "RoutingPolicyRule",
            "Neighbor",
            "NextHop",
            "IPv6AddressLabel",
            "DHCPv4",
            "DHCPv6",
            "DHCP",
            "IPv6AcceptRA",
            "DHCPServer",
            "DHCPServerStaticLease",
            "IPv6SendRA",
            "IPv6Prefix",
            "IPv6RoutePrefix",
            "DHCPPrefixDelegation");

    private static final Set<String> LINK_OF_BRIDGE = Set.of(
            "MTUBytes",
            "Multicast",
            "AllMulticast",
            "RequiredForOnline",
            "RequiredFamilyForOnline",
            "ActivationPolicy");

    private static final Set<String> LINK_OF_PORT = Set.of("MACAddress", "MTUBytes", "Promiscuous");

    /** They stack links upon each other; on a bridge they would mean something else. */
    private static final Set<String> STACKED = Set.of(
            "Bridge",
            "Bond",
            "VRF",
            "VLAN",
            "MACVLAN",
            "MACVTAP",
            "IPVLAN",
            "IPVTAP",
            "VXLAN",
            "Tunnel",
            "Xfrm",
            "L2TP",
            "BatmanAdvanced",
            "BindCarrier");

    private final NetworkFile file;
    private final String link;
    private final String bridge;

    NetworkRewrite(NetworkFile file, String link, String bridge) {
        this.file = file;
        this.link = link;
        this.bridge = bridge;
    }

    /** Returns why it cannot be done for certain; nothing if it can. */
    List<Reason> reasons() {
        List<Reason> reasons = new ArrayList<>();
        for (Section section : file.sections()) {
            if (section.name().equals("Match") || section.name().isEmpty()) {
                continue;
            }
            if (!section.name().equals("Link") && !MOVING.contains(section.name())) {
                reasons.add(new Reason(
                        place(section) + " has a section [" + section.name()
                                + "], and it is not certain what it must become on a bridge",
                        "remove it, or make the move by hand"));
                continue;
            }
            for (Line line : section.lines()) {
                look(section, line).ifPresent(reasons::add);
            }
        }
        return List.copyOf(reasons);
    }

    private Optional<Reason> look(Section section, Line line) {
        String said = line.place() + " says \"" + line.key() + "=" + line.value() + "\"";
        if (section.name().equals("Network")
                && STACKED.contains(line.key())
                && !line.value().isEmpty()) {
            return Optional.of(new Reason(
                    said + ": another link depends on " + link, "take that link away first, or make the move by hand"));
        }
        if (section.name().equals("Link")
                && line.key().equals("Unmanaged")
                && line.value().matches("yes|true|on|1")) {
            return Optional.of(
                    new Reason(said + ", so systemd-networkd does not configure it", "use another program's files"));
        }
        if (isMadeForTheLink(line)) {
            return Optional.of(new Reason(
                    said + ", and the addresses that it makes depend on the link",
                    "use another way to make them, first"));
        }
        if (LinkWord.in(line.value(), link) && !isOfRule(section, line)) {
            return Optional.of(
                    new Reason(said + ", which names the link", "change it so that it does not depend on " + link));
        }
        return Optional.empty();
    }

    /** Whether addresses are made of the link's name or number. */
    private static boolean isMadeForTheLink(Line line) {
        return switch (line.key()) {
            case "Token", "IPv6Token" -> line.value().startsWith("prefixstable");
            case "IPv6LinkLocalAddressGenerationMode" -> line.value().equals("stable-privacy");
            default -> false;
        };
    }

    private static boolean isOfRule(Section section, Line line) {
        return section.name().equals("RoutingPolicyRule")
                && (line.key().equals("IncomingInterface") || line.key().equals("OutgoingInterface"));
    }

    private static String place(Section section) {
        return section.lines().isEmpty() ? "the file" : section.lines().get(0).place();
    }

    /**
     * Returns the file for the bridge.
     *
     * @param of the path of the file that the link had
     * @param iaid the identifier by which the DHCP server knows the link, if it does
     */
    String forBridge(String of, Optional<Long> iaid) {
        StringBuilder text = new StringBuilder();
        text.append("# Written by \"op-dbus uplink move\" from ")
                .append(of)
                .append(", which no longer counts for ")
                .append(link)
                .append(".\n# \"op-dbus uplink back ")
                .append(link)
                .append("\" takes it back.\n");
        appendConfiguration(text, bridge, LINK_OF_BRIDGE);
        iaid.ifPresent(id -> {
            appendIaid(text, "DHCPv4", id);
            appendIaid(text, "DHCPv6", id);
        });
        return text.toString();
    }

    /** Returns the file for the link as a port: up, and without any address. */
    String forLink() {
        StringBuilder text = new StringBuilder();
        text.append("# Written by \"op-dbus uplink move\": ")
                .append(link)
                .append(" is a port of ")
                .append(bridge)
                .append(".\n# \"op-dbus uplink back ")
                .append(link)
                .append("\" takes it back.\n[Match]\nName=")
                .append(link)
                .append("\n\n[Link]\nRequiredForOnline=no\n");
        for (Section section : file.sections()) {
            if (section.name().equals("Link")) {
                section.lines().stream()
                        .filter(line -> LINK_OF_PORT.contains(line.key()))
                        .forEach(line -> text.append(line.text()).append('\n'));
            }
        }
        // KeepMaster, because a bridge of the kernel's datapath is the link's master, and systemd-networkd did not set
        // it.
        return text.append("\n[Network]\nKeepMaster=yes\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nDHCP=no\nLLDP=no\n")
                .toString();
    }

    /** Returns what the link had, and that systemd-networkd takes over the addresses that it finds instead of removing them. */
    String forLinkWithAddresses() {
        return withAddresses(link);
    }

    /** Returns the same for the other link, of a file that is the bridge's before a move back. */
    String forBridgeWithAddresses() {
        return withAddresses(bridge);
    }

    private String withAddresses(String name) {
        StringBuilder text = new StringBuilder();
        text.append("# Written by op-dbus for the moment in which ")
                .append(name)
                .append(" gets its addresses back.\n");
        appendConfiguration(text, name, Set.of());
        return text.append("\n[Network]\nKeepConfiguration=yes\n").toString();
    }

    /** Returns a drop-in that makes systemd-networkd take over the addresses that it finds instead of removing them. */
    static String keeping() {
        return """
                # Written by op-dbus, until the next boot: systemd-networkd keeps the addresses that it finds on the bridge.
                [Network]
                KeepConfiguration=yes
                """;
    }

    /** Returns a file of sysctl.d(5): the link takes no packet for the host, and answers no ARP request. */
    static String deaf(String link) {
        return """
                # Written by "op-dbus uplink move"; "op-dbus uplink back %1$s" takes it back.
                net/ipv4/conf/%1$s/arp_ignore = 8
                net/ipv4/conf/%1$s/rp_filter = 1
                net/ipv6/conf/%1$s/disable_ipv6 = 1
                """.formatted(link);
    }

    /** Writes everything but what the link was recognised by. */
    private void appendConfiguration(StringBuilder text, String name, Set<String> linkKeys) {
        text.append("[Match]\nName=").append(name).append("\n\n");
        for (Section section : file.sections()) {
            boolean isOfLink = section.name().equals("Link");
            if (section.name().equals("Match") || section.name().isEmpty()) {
                continue;
            }
            text.append('[').append(section.name()).append("]\n");
            for (Line line : section.lines()) {
                if (!isOfLink || linkKeys.isEmpty() || linkKeys.contains(line.key())) {
                    text.append(
                                    isOfRule(section, line) && line.value().equals(link)
                                            ? line.key() + "=" + name
                                            : line.text())
                            .append('\n');
                }
            }
        }
    }

    private void appendIaid(StringBuilder text, String section, long iaid) {
        boolean isSet = file.sections().stream()
                .filter(each -> each.name().equals(section) || each.name().equals("DHCP"))
                .anyMatch(each -> each.value("IAID").isPresent());
        if (!isSet) {
            text.append("\n[").append(section).append("]\nIAID=").append(iaid).append('\n');
        }
    }
}
