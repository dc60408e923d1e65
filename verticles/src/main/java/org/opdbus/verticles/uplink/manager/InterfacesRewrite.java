// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * Rewrites the files of interfaces(5) for an uplink that becomes a port of a bridge: the link's stanzas become the bridge's, and
 * the link gets a stanza as a port. What is written stands between marks; every other line stays byte for byte. Pure.
 */
final class InterfacesRewrite {
    private final String link;
    private final String bridge;
    private final String settings;
    private final boolean isSecond;
    private final InterfacesLines lines;
    private final List<Reason> reasons = new ArrayList<>();
    /** The stanza of the bridge that is there already; without lines if there is none. */
    private final List<InterfacesLine> own;

    private final List<InterfacesLine> first;
    /** Lines of the port's stanza, in the order of the files. */
    private final Set<String> ofPort = new LinkedHashSet<>();

    private boolean isAuto;
    private String mtu = "";

    /**
     * Prepares it.
     *
     * @param files the texts of the files, by their paths, in the order in which they are read
     * @param settings what Open vSwitch must be told of the bridge, such as {@code other-config:hwaddr=…}
     * @param isSecond whether ifupdown2 reads them, and not ifupdown
     */
    InterfacesRewrite(Map<String, String> files, String link, String bridge, String settings, boolean isSecond) {
        this.link = link;
        this.bridge = bridge;
        this.settings = settings;
        this.isSecond = isSecond;
        lines = InterfacesLines.of(files);
        first = lines.firstStanza(link);
        own = lines.firstStanza(bridge);
    }

    /** Returns why the files cannot be rewritten; nothing if they can. To be called before {@link #texts}. */
    List<Reason> reasons() {
        reasons.addAll(new InterfacesCheck(lines.all(), link, bridge).reasons());
        for (InterfacesLine line : lines.all()) {
            if (isOfLink(line) && line.kind() == InterfacesLine.Kind.OPTION) {
                look(line);
            }
        }
        isAuto = lines.all().stream()
                .anyMatch(line -> isClass(line) && line.words().contains(link));
        return List.copyOf(reasons);
    }

    private void look(InterfacesLine line) {
        Optional<InterfacesOption> option = InterfacesOption.of(line, link, bridge);
        if (option.isEmpty()) {
            reasons.add(new Reason(
                    line.place() + " says \"" + line.said()
                            + "\", and it is not certain what that must become on a bridge",
                    "move it out of the stanza of " + link + ", or make the move by hand"));
        } else if (option.get().isOfPort()) {
            ofPort.add(option.get().raw());
        }
        if (line.option().equals("mtu")) {
            mtu = line.value();
        }
    }

    /** Returns the new texts of the files that change. */
    Map<String, String> texts() {
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        for (int i = 0; i < lines.all().size(); i++) {
            InterfacesLine line = lines.all().get(i);
            StringBuilder text = texts.computeIfAbsent(line.file(), file -> new StringBuilder());
            if (line.kind() == InterfacesLine.Kind.HEADER && (isOfLink(line) || own.contains(line))) {
                i = block(i, text);
            } else if (isClass(line) && LinkWord.in(line.value(), link)) {
                text.append(withoutLink(line));
            } else {
                text.append(line.raw());
            }
        }
        return texts.entrySet().stream()
                .filter(each -> !each.getValue().toString().equals(lines.text(each.getKey())))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().toString()));
    }

    /** Writes the stanza that begins at a line, between marks; returns the index of its last line. */
    private int block(int from, StringBuilder text) {
        int end = from;
        for (int i = from + 1;
                i < lines.all().size()
                        && lines.all().get(from).isWith(lines.all().get(i));
                i++) {
            if (lines.all().get(i).kind() == InterfacesLine.Kind.OPTION) {
                end = i;
            }
        }
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
        text.append(InterfacesMarks.begin(link));
        List<InterfacesLine> options = lines.all().subList(from + 1, end + 1);
        InterfacesLine header = lines.all().get(from);
        if (header.equals(first.get(0))) {
            appendPort(text);
            if (own.isEmpty()) {
                text.append('\n');
                appendClass(text, bridge);
                appendBridge(text, header, options);
                appendOptionsOfBridge(text, "");
            }
        } else if (isOfLink(header)) {
            appendBridge(text, header, options);
        } else {
            appendBridge(text, first.get(0), first.subList(1, first.size()));
            appendOwn(text);
        }
        text.append(InterfacesMarks.end(link));
        return end;
    }

    private void appendPort(StringBuilder text) {
        if (isSecond) {
            appendClass(text, link);
        } else {
            text.append("allow-").append(bridge).append(' ').append(link).append('\n');
        }
        text.append("iface ").append(link).append(" inet manual\n");
        // The link takes no packet for the host: no address of IPv6, no router, no answer to ARP.
        text.append("\tpre-up echo 1 > /proc/sys/net/ipv6/conf/$IFACE/disable_ipv6 || true\n");
        text.append("\tpre-up echo 8 > /proc/sys/net/ipv4/conf/$IFACE/arp_ignore || true\n");
        text.append("\tpre-up echo 1 > /proc/sys/net/ipv4/conf/$IFACE/rp_filter || true\n");
        ofPort.forEach(text::append);
        if (!mtu.isEmpty()) {
            text.append(isSecond ? "\tovs_mtu " : "\tmtu ").append(mtu).append('\n');
        }
        text.append("\tovs_type OVSPort\n\tovs_bridge ").append(bridge).append('\n');
    }

    private void appendClass(StringBuilder text, String name) {
        if (isAuto) {
            text.append("auto ").append(name).append('\n');
        }
    }

    private void appendBridge(StringBuilder text, InterfacesLine header, List<InterfacesLine> options) {
        text.append(header.complete().replaceFirst("(iface\\s+)\\S+", "$1" + bridge + label(header)));
        for (InterfacesLine line : options) {
            if (line.kind() != InterfacesLine.Kind.OPTION) {
                text.append(line.complete());
            } else {
                InterfacesOption.of(line, link, bridge)
                        .filter(option -> !option.isOfPort())
                        .ifPresent(option -> text.append(option.raw()));
            }
        }
    }

    private String label(InterfacesLine header) {
        return header.words().get(1).substring(link.length());
    }

    private void appendOptionsOfBridge(StringBuilder text, String extra) {
        if (isSecond && !mtu.isEmpty()) {
            text.append("\tovs_mtu ").append(mtu).append('\n');
        }
        text.append("\tovs_type OVSBridge\n\tovs_ports ").append(link).append('\n');
        if (isSecond) {
            // Without it, ifreload removes every port that is not in ovs_ports, also those of containers.
            text.append("\tovs_ports_condone_regex .*\n");
        }
        text.append("\tovs_extra ").append(extra).append(command()).append('\n');
    }

    /** The options that the bridge's stanza had, with the link among its ports. */
    private void appendOwn(StringBuilder text) {
        boolean hasPorts = false;
        boolean hasExtra = false;
        boolean hasCondoned = false;
        for (InterfacesLine line : own.subList(1, own.size())) {
            switch (line.option()) {
                case "ovs-ports" ->
                    text.append("\tovs_ports ").append(portsWithLink(line)).append('\n');
                case "ovs-extra" -> {
                    text.append(line.raw().stripTrailing()).append(hasExtra ? "\n" : " -- " + command() + "\n");
                    hasExtra = true;
                }
                default -> text.append(line.complete());
            }
            hasPorts |= line.option().equals("ovs-ports");
            hasCondoned |= line.option().equals("ovs-ports-condone-regex");
        }
        if (!hasPorts) {
            text.append("\tovs_ports ").append(link).append('\n');
        }
        if (isSecond && !hasPorts && !hasCondoned) {
            text.append("\tovs_ports_condone_regex .*\n");
        }
        if (!hasExtra) {
            text.append("\tovs_extra ").append(command()).append('\n');
        }
    }

    private String portsWithLink(InterfacesLine line) {
        String ports = line.value();
        if (line.words().contains(link)) {
            return ports;
        }
        return ports.isEmpty() || ports.equals("none") ? link : ports + " " + link;
    }

    private String command() {
        return "set bridge " + bridge + " " + settings;
    }

    /** A line such as {@code auto lo eth0} without the link; nothing if no other is left. Labels of the link become the bridge's. */
    private String withoutLink(InterfacesLine line) {
        List<String> rest = line.words().stream()
                .filter(word -> !word.equals(link))
                .map(word -> word.startsWith(link + ":") ? bridge + word.substring(link.length()) : word)
                .toList();
        return rest.size() < 2 ? "" : String.join(" ", rest) + "\n";
    }

    private boolean isOfLink(InterfacesLine line) {
        return line.stanza() >= 0 && InterfacesCheck.isNameOf(lines.header(line).words(), link);
    }

    private static boolean isClass(InterfacesLine line) {
        return line.kind() == InterfacesLine.Kind.DIRECTIVE
                && (line.option().equals("auto") || line.option().startsWith("allow-"));
    }
}
