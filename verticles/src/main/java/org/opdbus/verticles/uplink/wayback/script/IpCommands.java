// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/**
 * Addresses, routes and rules as arguments of ip(8), with everything that the kernel has told of them; pure. Numbers stand for
 * protocols, tables and scopes, so that no file with names for them changes the meaning.
 */
final class IpCommands {
    private static final int IFA_F_TEMPORARY = 0x01;
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFA_F_HOMEADDRESS = 0x10;
    private static final int IFA_F_MANAGETEMPADDR = 0x100;
    private static final int IFA_F_NOPREFIXROUTE = 0x200;
    private static final int IFA_F_MCAUTOJOIN = 0x400;
    private static final int RTNH_F_ONLINK = 4;
    private static final int FR_ACT_TO_TBL = 1;
    private static final int FR_ACT_GOTO = 2;
    private static final int FR_ACT_NOP = 3;

    /** RTN_* and those FR_ACT_* that end a look-up, which have the same numbers. */
    private static final Map<Integer, String> TYPES = Map.of(
            1, "unicast",
            2, "local",
            3, "broadcast",
            4, "anycast",
            5, "multicast",
            6, "blackhole",
            7, "unreachable",
            8, "prohibit",
            9, "throw");

    private IpCommands() {}

    private static String family(IpFamily family) {
        return family == IpFamily.IPV4 ? "-4" : "-6";
    }

    /** Returns whether the kernel makes and renews it by itself; a program cannot make such an address. */
    static boolean isTemporary(ListedAddress address) {
        return address.family() == IpFamily.IPV6 && (address.flags() & IFA_F_TEMPORARY) != 0;
    }

    /** Returns whether the kernel is to test whether the address is unique before it may be used, which takes a second. */
    static boolean isTested(ListedAddress address) {
        return address.family() == IpFamily.IPV6 && (address.flags() & IFA_F_NODAD) == 0;
    }

    /**
     * Returns the command that adds an address, or changes it.
     *
     * @param routes the routes of the link; without one to the network of the address among them the kernel must not make it
     * @param isUsableAtOnce whether the kernel skips its test of the address
     */
    static Words address(ListedAddress address, String link, List<ListedRoute> routes, boolean isUsableAtOnce) {
        Words words = Words.of("ip", family(address.family()), "addr", "replace");
        words.add(local(address)).add("dev", link);
        address.broadcast().ifPresent(broadcast -> words.add("broadcast", broadcast));
        if (address.family() == IpFamily.IPV4) {
            if (!address.label().isEmpty()) {
                words.add("label", address.label());
            }
            words.add("scope", Integer.toString(address.scope()));
        }
        words.flag(address.family() == IpFamily.IPV6 && (isUsableAtOnce || !isTested(address)), "nodad");
        Optional<ListedRoute> network = routes.stream()
                .filter(route -> AddressRoute.isOf(route, address))
                .findFirst();
        words.flag(
                (address.flags() & IFA_F_NOPREFIXROUTE) != 0 || AddressRoute.isMissing(address, network),
                "noprefixroute");
        if (address.family() == IpFamily.IPV6) {
            words.flag((address.flags() & IFA_F_HOMEADDRESS) != 0, "home");
            words.flag((address.flags() & IFA_F_MANAGETEMPADDR) != 0, "mngtmpaddr");
        }
        words.flag((address.flags() & IFA_F_MCAUTOJOIN) != 0, "autojoin");
        AddressRoute.metric(address, network).ifPresent(metric -> words.add("metric", Long.toString(metric)));
        lifetime(words, "valid_lft", address.validS());
        lifetime(words, "preferred_lft", address.preferredS());
        return words;
    }

    private static void lifetime(Words words, String name, Optional<Long> seconds) {
        seconds.ifPresent(left -> {
            words.add(name);
            // A deprecated address has no time left, and stays so.
            if (left == 0) {
                words.add("0");
            } else {
                words.left(left);
            }
        });
    }

    static Words withoutAddress(ListedAddress address, String link) {
        return Words.of("ip", family(address.family()), "addr", "del")
                .add(local(address))
                .add("dev", link);
    }

    private static String[] local(ListedAddress address) {
        return address.peer()
                .map(peer -> new String[] {address.address(), "peer", peer + "/" + address.prefix()})
                .orElseGet(() -> new String[] {address.address() + "/" + address.prefix()});
    }

    /**
     * Returns the command for a route.
     *
     * @param verb {@code append}, which leaves a route to the same network alone, or {@code del}
     * @param index the link that it leaves by in the plan
     * @param link the name of the link that stands for it now
     */
    static Words route(String verb, ListedRoute route, int index, String link) {
        Words words = Words.of("ip", family(route.family()), "route", verb)
                .add(TYPES.getOrDefault(route.type(), "unicast"), route.destination());
        route.source().ifPresent(source -> words.add("from", source));
        words.add("table", Long.toString(route.table())).add("proto", Integer.toString(route.protocol()));
        if (route.family() == IpFamily.IPV4) {
            words.add("scope", Integer.toString(route.scope()));
        }
        if (route.metric() != 0) {
            words.add("metric", Long.toString(route.metric()));
        }
        if (route.tos() != 0) {
            words.add("tos", "0x%02x".formatted(route.tos()));
        }
        route.preferredSource().ifPresent(source -> words.add("src", source));
        if (verb.equals("append")) {
            route.mtu().ifPresent(mtu -> words.add("mtu", Long.toString(mtu)));
            route.expiresS().ifPresent(left -> words.add("expires").left(left));
        }
        hops(words, route, index, link);
        return words;
    }

    /** The other links of a multipath route of IPv6 have routes of their own in the kernel. */
    private static void hops(Words words, ListedRoute route, int index, String link) {
        List<NextHop> hops = route.nextHops();
        if (route.family() == IpFamily.IPV6) {
            hops = hops.stream().filter(hop -> hop.index() == index).toList();
        }
        for (NextHop hop : hops) {
            if (hops.size() > 1) {
                words.add("nexthop");
            }
            hop.gateway().ifPresent(gateway -> words.add("via", gateway.indexOf(':') >= 0 ? "inet6" : "inet", gateway));
            // ip(8) takes "if7" for the link with index 7.
            words.add("dev", hop.index() == index ? link : "if" + hop.index());
            if (hops.size() > 1) {
                words.add("weight", Integer.toString(hop.weight()));
            }
            words.flag(((hop.flags() | route.flags()) & RTNH_F_ONLINK) != 0, "onlink");
        }
    }

    /**
     * Returns the command for a rule.
     *
     * @param verb {@code add} or {@code del}
     * @param from the name of the link in the plan
     * @param link the name of the link that stands for it now
     */
    static Words rule(String verb, ListedRule rule, String from, String link) {
        Words words = Words.of("ip", family(rule.family()), "rule", verb);
        words.flag(rule.isInverted(), "not");
        words.add("pref", Long.toString(rule.priority()));
        words.add("from", rule.source().orElse("all"));
        rule.destination().ifPresent(destination -> words.add("to", destination));
        if (!rule.inputLink().isEmpty()) {
            words.add("iif", rule.inputLink().equals(from) ? link : rule.inputLink());
        }
        if (!rule.outputLink().isEmpty()) {
            words.add("oif", rule.outputLink().equals(from) ? link : rule.outputLink());
        }
        rule.mark().ifPresent(mark -> words.add("fwmark", mark));
        if (rule.tos() != 0) {
            words.add("tos", "0x%02x".formatted(rule.tos()));
        }
        rule.ipProtocol().ifPresent(number -> words.add("ipproto", Integer.toString(number)));
        rule.sourcePorts().ifPresent(ports -> words.add("sport", ports));
        rule.destinationPorts().ifPresent(ports -> words.add("dport", ports));
        rule.users().ifPresent(users -> words.add("uidrange", users));
        words.flag(rule.isMasterTable(), "l3mdev");
        if (rule.protocol() != 0) {
            words.add("protocol", Integer.toString(rule.protocol()));
        }
        action(words, rule);
        return words;
    }

    private static void action(Words words, ListedRule rule) {
        if (rule.action() == FR_ACT_GOTO) {
            words.add("goto", Long.toString(rule.goTo().orElse(0L)));
        } else if (rule.action() == FR_ACT_NOP) {
            words.add("nop");
        } else if (rule.action() != FR_ACT_TO_TBL) {
            words.add(TYPES.getOrDefault(rule.action(), "unicast"));
        } else if (!rule.isMasterTable()) {
            words.add("table", Long.toString(rule.table()));
            if (rule.suppressedPrefix() >= 0) {
                words.add("suppress_prefixlength", Integer.toString(rule.suppressedPrefix()));
            }
        }
    }

    /** The words of a command of the script. */
    static final class Words {
        private final List<String> words = new ArrayList<>();

        private Words() {}

        static Words of(String... words) {
            return new Words().add(words);
        }

        Words add(String... more) {
            for (String word : more) {
                words.add(ShellText.quote(word));
            }
            return this;
        }

        /** The script computes how many of the seconds are left. */
        Words left(long seconds) {
            words.add("\"$(left " + seconds + ")\"");
            return this;
        }

        void flag(boolean isSet, String word) {
            if (isSet) {
                add(word);
            }
        }

        @Override
        public String toString() {
            return String.join(" ", words);
        }
    }
}
