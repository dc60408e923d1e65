// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The kernel's numbers as the words that ip(8) shows; a number without a word stays a number. */
final class KernelWords {
    private static final Map<Integer, String> ROUTE_PROTOCOLS = Map.ofEntries(
            Map.entry(0, "unspec"),
            Map.entry(1, "redirect"),
            Map.entry(2, "kernel"),
            Map.entry(3, "boot"),
            Map.entry(4, "static"),
            Map.entry(8, "gated"),
            Map.entry(9, "ra"),
            Map.entry(10, "mrt"),
            Map.entry(11, "zebra"),
            Map.entry(12, "bird"),
            Map.entry(14, "xorp"),
            Map.entry(15, "ntk"),
            Map.entry(16, "dhcp"),
            Map.entry(17, "mrouted"),
            Map.entry(18, "keepalived"),
            Map.entry(42, "babel"),
            Map.entry(99, "openr"),
            Map.entry(186, "bgp"),
            Map.entry(187, "isis"),
            Map.entry(188, "ospf"),
            Map.entry(189, "rip"),
            Map.entry(192, "eigrp"));
    private static final Map<Integer, String> ADDRESS_PROTOCOLS =
            Map.of(1, "kernel_lo", 2, "kernel_ra", 3, "kernel_ll");
    private static final Map<Integer, String> SCOPES =
            Map.of(0, "global", 200, "site", 253, "link", 254, "host", 255, "nowhere");
    private static final Map<Long, String> TABLES = Map.of(253L, "default", 254L, "main", 255L, "local");
    private static final List<String> ROUTE_TYPES = List.of(
            "unspec",
            "unicast",
            "local",
            "broadcast",
            "anycast",
            "multicast",
            "blackhole",
            "unreachable",
            "prohibit",
            "throw",
            "nat",
            "xresolve");
    private static final List<String> ACTIONS =
            List.of("unspec", "table", "goto", "nop", "4", "5", "blackhole", "unreachable", "prohibit");
    private static final List<String> STATES =
            List.of("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up");
    private static final List<String> ADDRESS_FLAGS = List.of(
            "secondary",
            "nodad",
            "optimistic",
            "dadfailed",
            "home",
            "deprecated",
            "tentative",
            "permanent",
            "mngtmpaddr",
            "noprefixroute",
            "autojoin",
            "stable-privacy");
    private static final List<String> HOP_FLAGS =
            List.of("dead", "pervasive", "onlink", "offload", "linkdown", "unresolved", "trap");
    private static final Map<Integer, String> HARDWARE = Map.of(
            1,
            "ethernet",
            32,
            "infiniband",
            512,
            "ppp",
            768,
            "ipip",
            769,
            "ip6tnl",
            772,
            "loopback",
            776,
            "sit",
            65534,
            "none");

    private KernelWords() {}

    static String routeProtocol(int number) {
        return ROUTE_PROTOCOLS.getOrDefault(number, Integer.toString(number));
    }

    static String addressProtocol(int number) {
        return ADDRESS_PROTOCOLS.getOrDefault(number, Integer.toString(number));
    }

    static String scope(int number) {
        return SCOPES.getOrDefault(number, Integer.toString(number));
    }

    /** Returns the name of a table, or an empty text if it has only a number. */
    static String tableName(long number) {
        return TABLES.getOrDefault(number, "");
    }

    static String routeType(int number) {
        return word(ROUTE_TYPES, number);
    }

    static String action(int number) {
        return word(ACTIONS, number);
    }

    static String operState(int number) {
        return word(STATES, number);
    }

    static String hardware(int number) {
        return HARDWARE.getOrDefault(number, Integer.toString(number));
    }

    static List<String> addressFlags(int flags) {
        return flags(ADDRESS_FLAGS, flags);
    }

    static List<String> hopFlags(int flags) {
        return flags(HOP_FLAGS, flags);
    }

    private static String word(List<String> words, int number) {
        return number < words.size() ? words.get(number) : Integer.toString(number);
    }

    private static List<String> flags(List<String> words, int flags) {
        List<String> set = new ArrayList<>();
        for (int bit = 0; bit < words.size(); bit++) {
            if ((flags & 1 << bit) != 0) {
                set.add(words.get(bit));
            }
        }
        return set;
    }
}
