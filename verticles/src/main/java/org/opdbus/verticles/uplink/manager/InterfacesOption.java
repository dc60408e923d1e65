// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an option of the uplink's stanza goes: to the stanza of the port or to that of the bridge. An option that is not known
 * for certain goes nowhere, and the move is refused. Pure.
 *
 * @param isOfPort whether it describes the hardware, and stays with the link
 * @param raw its lines after the move
 */
record InterfacesOption(boolean isOfPort, String raw) {
    private static final Set<String> OF_BRIDGE = Set.of(
            "address",
            "netmask",
            "broadcast",
            "network",
            "gateway",
            "metric",
            "pointopoint",
            "scope",
            "mtu",
            "dns-domain",
            "dns-nameservers",
            "dns-nameserver",
            "dns-search",
            "dns-options",
            "dns-sortlist",
            "hostname",
            "leasehours",
            "leasetime",
            "vendor",
            "client",
            "accept-ra",
            "accept-redirects",
            "autoconf",
            "privext",
            "dad-attempts",
            "dad-interval",
            "preferred-lifetime",
            "request-prefix",
            "ll-attempts",
            "ll-interval",
            "alias",
            "ip-forward",
            "ip6-forward");

    private static final Set<String> OF_PORT = Set.of(
            "hwaddress",
            "link-speed",
            "link-duplex",
            "link-autoneg",
            "link-fec",
            "bond-slaves",
            "slaves",
            "bond-mode",
            "bond-miimon",
            "bond-xmit-hash-policy",
            "bond-lacp-rate",
            "bond-primary",
            "bond-min-links",
            "bond-downdelay",
            "bond-updelay",
            "bond-use-carrier",
            "bond-num-grat-arp",
            "bond-num-unsol-na",
            "bond-ad-select",
            "vlan-raw-device",
            "vlan-id",
            "vlan-protocol");

    private static final Set<String> COMMANDS = Set.of("up", "post-up", "pre-up", "down", "post-down", "pre-down");

    private static final Set<String> ADDRESSING = Set.of("route", "rule", "addr", "address", "neigh", "neighbor");
    private static final Set<String> ANYWHERE =
            Set.of("true", ":", "echo", "sysctl", "/sbin/sysctl", "/usr/sbin/sysctl");
    private static final Set<String> IP = Set.of("ip", "/sbin/ip", "/bin/ip", "/usr/sbin/ip", "/usr/bin/ip");
    private static final Set<String> ETHTOOL = Set.of("ethtool", "/sbin/ethtool", "/usr/sbin/ethtool");
    private static final Pattern SEPARATORS = Pattern.compile("&&|\\|\\||[;|]");
    /** What can make a command mean more than its words say. */
    private static final Pattern OF_SHELL = Pattern.compile("[`(){}<$'\"]");

    private static final Pattern VARIABLE = Pattern.compile("\\$IFACE\\b|\\$\\{IFACE\\}");

    /** Returns where the option goes; empty if that is not certain. */
    static Optional<InterfacesOption> of(InterfacesLine line, String link, String bridge) {
        String name = line.option();
        if (COMMANDS.contains(name)) {
            return ofCommand(line, link, bridge);
        }
        boolean isOfPort = OF_PORT.contains(name) || name.startsWith("ethtool-") || name.startsWith("hardware-");
        if (!isOfPort && (!OF_BRIDGE.contains(name) || LinkWord.in(line.value(), link))) {
            return Optional.empty();
        }
        return Optional.of(new InterfacesOption(isOfPort, line.complete()));
    }

    private static Optional<InterfacesOption> ofCommand(InterfacesLine line, String link, String bridge) {
        String command = line.value();
        boolean namesLink = LinkWord.in(command, link);
        if (!namesLink && !VARIABLE.matcher(command).find()) {
            return Optional.of(new InterfacesOption(false, line.complete()));
        }
        if (OF_SHELL.matcher(VARIABLE.matcher(command).replaceAll("")).find()) {
            return Optional.empty();
        }
        List<Boolean> places = new ArrayList<>();
        for (String simple : SEPARATORS.split(command, -1)) {
            Optional<Boolean> isOfPort = isOfPort(simple.strip());
            if (isOfPort.isEmpty()) {
                if (simple.isBlank() || !isNeutral(simple.strip())) {
                    return Optional.empty();
                }
            } else {
                places.add(isOfPort.get());
            }
        }
        if (places.stream().distinct().count() != 1) {
            return places.isEmpty() ? rewritten(line, link, bridge) : Optional.empty();
        }
        return places.get(0) ? Optional.of(new InterfacesOption(true, line.complete())) : rewritten(line, link, bridge);
    }

    /** Whether a command is about the hardware (true) or about addresses and routes (false); empty if about neither. */
    private static Optional<Boolean> isOfPort(String simple) {
        String[] words = simple.split("\\s+", -1);
        if (ETHTOOL.contains(words[0])) {
            return Optional.of(true);
        }
        if (!IP.contains(words[0])) {
            return Optional.empty();
        }
        int object = 1;
        while (object < words.length && words[object].startsWith("-")) {
            object++;
        }
        if (object + 1 < words.length && words[object].equals("link") && words[object + 1].equals("set")) {
            return Optional.of(true);
        }
        return object < words.length && ADDRESSING.contains(words[object]) ? Optional.of(false) : Optional.empty();
    }

    /** Whether a command does not care which link it is for, beside the settings of the kernel that it names. */
    private static boolean isNeutral(String simple) {
        return ANYWHERE.contains(simple.split("\\s+", -1)[0]);
    }

    /** Names the bridge in the place of the link, in the places where that is certain. */
    private static Optional<InterfacesOption> rewritten(InterfacesLine line, String link, String bridge) {
        String quoted = Pattern.quote(link);
        String raw = line.complete();
        int start = raw.indexOf(line.words().get(0)) + line.words().get(0).length();
        String text = raw.substring(start)
                .replaceAll(
                        "(\\s(?:dev|iif|oif)\\s+)" + quoted + "(?=\\s|;|$)", "$1" + Matcher.quoteReplacement(bridge))
                .replaceAll(
                        "(\\bnet[./]ipv[46][./](?:conf|neigh)[./])" + quoted + "(?=[./])",
                        "$1" + Matcher.quoteReplacement(bridge));
        if (LinkWord.in(text, link)) {
            return Optional.empty();
        }
        return Optional.of(new InterfacesOption(false, raw.substring(0, start) + text));
    }
}
