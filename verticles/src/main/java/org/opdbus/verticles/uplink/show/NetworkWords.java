// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.show;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/** Addresses, routes and rules in the words of ip(8), without the link, which changes. */
final class NetworkWords {
    private static final Map<Integer, String> FLAGS = Map.of(
            0x02, "nodad",
            0x04, "optimistic",
            0x10, "home",
            0x20, "deprecated",
            0x100, "mngtmpaddr",
            0x200, "noprefixroute",
            0x400, "autojoin");

    private static final int TEMPORARY = 0x01;
    private static final Map<Long, String> TABLES = Map.of(253L, "default", 254L, "main", 255L, "local");
    private static final Map<Integer, String> SCOPES = Map.of(200, "site", 253, "link", 254, "host");
    private static final Map<Integer, String> PROTOCOLS =
            Map.of(2, "kernel", 3, "boot", 4, "static", 9, "ra", 16, "dhcp");
    private static final Map<Integer, String> TYPES =
            Map.of(4, "anycast", 5, "multicast", 6, "blackhole", 7, "unreachable", 8, "prohibit", 9, "throw");
    private static final Map<Integer, String> ACTIONS =
            Map.of(2, "goto", 3, "nop", 6, "blackhole", 7, "unreachable", 8, "prohibit");
    private static final int NEXT_HOP_ON_LINK = 4;
    private static final int LOOK_UP = 1;

    private NetworkWords() {}

    static String of(ListedAddress address) {
        List<String> words = new ArrayList<>(List.of(address.address() + "/" + address.prefix()));
        address.peer().ifPresent(peer -> words.add("peer " + peer));
        address.broadcast().ifPresent(broadcast -> words.add("brd " + broadcast));
        if (address.scope() != 0) {
            words.add("scope " + SCOPES.getOrDefault(address.scope(), Integer.toString(address.scope())));
        }
        if (!address.label().isEmpty()) {
            words.add("label " + address.label());
        }
        words.addAll(flags(address));
        address.validS().ifPresent(seconds -> words.add("valid " + seconds + " s"));
        address.preferredS().ifPresent(seconds -> words.add("preferred " + seconds + " s"));
        return String.join(" ", words);
    }

    /** Returns the words for the flags of an address that a program or an administrator chose. */
    static List<String> flags(ListedAddress address) {
        List<String> words = FLAGS.entrySet().stream()
                .filter(flag -> (address.flags() & flag.getKey()) != 0)
                .map(Map.Entry::getValue)
                .sorted()
                .collect(Collectors.toCollection(ArrayList::new));
        if ((address.flags() & TEMPORARY) != 0) {
            words.add(0, address.family() == IpFamily.IPV6 ? "temporary" : "secondary");
        }
        return words;
    }

    static String of(ListedRoute route) {
        List<String> words = new ArrayList<>();
        if (TYPES.containsKey(route.type())) {
            words.add(TYPES.get(route.type()));
        }
        words.add(route.destination());
        route.source().ifPresent(source -> words.add("from " + source));
        boolean isMultipath = route.nextHops().size() > 1;
        for (ListedRoute.NextHop hop : route.nextHops()) {
            hop.gateway().ifPresent(gateway -> words.add("via " + gateway));
            if (isMultipath) {
                words.add("weight " + hop.weight());
            }
            if ((hop.flags() & NEXT_HOP_ON_LINK) != 0) {
                words.add("onlink");
            }
        }
        if (route.table() != 254) {
            words.add("table " + table(route.table()));
        }
        words.add("proto " + protocol(route.protocol()));
        route.preferredSource().ifPresent(source -> words.add("src " + source));
        if (route.metric() != 0) {
            words.add("metric " + route.metric());
        }
        if (route.tos() != 0) {
            words.add("tos " + route.tos());
        }
        route.mtu().ifPresent(mtu -> words.add("mtu " + mtu));
        route.expiresS().ifPresent(seconds -> words.add("expires " + seconds + " s"));
        return String.join(" ", words);
    }

    static String of(ListedRule rule) {
        List<String> words = new ArrayList<>(List.of(rule.priority() + ":"));
        if (rule.isInverted()) {
            words.add("not");
        }
        words.add("from " + rule.source().orElse("all"));
        rule.destination().ifPresent(destination -> words.add("to " + destination));
        if (!rule.inputLink().isEmpty()) {
            words.add("iif " + rule.inputLink());
        }
        if (!rule.outputLink().isEmpty()) {
            words.add("oif " + rule.outputLink());
        }
        rule.mark().ifPresent(mark -> words.add("fwmark " + mark));
        rule.ipProtocol().ifPresent(protocol -> words.add("ipproto " + protocol));
        rule.sourcePorts().ifPresent(ports -> words.add("sport " + ports));
        rule.destinationPorts().ifPresent(ports -> words.add("dport " + ports));
        rule.users().ifPresent(users -> words.add("uidrange " + users));
        words.add(
                rule.action() == LOOK_UP
                        ? "lookup " + table(rule.table())
                        : ACTIONS.getOrDefault(rule.action(), "action " + rule.action()));
        rule.goTo().ifPresent(priority -> words.add(Long.toString(priority)));
        if (rule.suppressedPrefix() >= 0) {
            words.add("suppress_prefixlength " + rule.suppressedPrefix());
        }
        return String.join(" ", words);
    }

    static String table(long table) {
        return TABLES.getOrDefault(table, Long.toString(table));
    }

    static String protocol(int protocol) {
        return PROTOCOLS.getOrDefault(protocol, Integer.toString(protocol));
    }
}
