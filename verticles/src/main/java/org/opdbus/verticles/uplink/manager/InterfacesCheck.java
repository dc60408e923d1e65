// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** Looks for what makes the files of interfaces(5) unfit for a rewrite that is certain. Pure. */
final class InterfacesCheck {
    private static final Set<String> METHODS = Set.of("static", "dhcp", "manual", "auto", "");
    private static final Pattern PATTERN = Pattern.compile("[/*?\\[\\]{}$]");

    private final List<InterfacesLine> lines;
    private final String link;
    private final String bridge;
    private final List<Reason> reasons = new ArrayList<>();

    InterfacesCheck(List<InterfacesLine> lines, String link, String bridge) {
        this.lines = lines;
        this.link = link;
        this.bridge = bridge;
    }

    /** Whether a header's words name the link or a label of it. */
    static boolean isNameOf(List<String> words, String link) {
        return words.size() > 1 && (words.get(1).equals(link) || words.get(1).startsWith(link + ":"));
    }

    /** Returns the reasons, in the order of the files. */
    List<Reason> reasons() {
        boolean hasStanza = lines.stream()
                .anyMatch(line -> line.kind() == InterfacesLine.Kind.HEADER
                        && line.words().size() > 1
                        && line.words().get(1).equals(link));
        if (!hasStanza) {
            refuse(
                    "no file of ifupdown has a stanza \"iface " + link + "\"",
                    "write one that says what the link has now");
        }
        Optional<InterfacesLine> header = Optional.empty();
        for (InterfacesLine line : lines) {
            if (line.raw().indexOf('\r') >= 0) {
                refuse(
                        line.place() + " ends with a carriage return, which ifupdown takes for a part of the line",
                        "remove the carriage returns of the file");
                return List.copyOf(reasons);
            }
            header = line.kind() == InterfacesLine.Kind.HEADER
                    ? Optional.of(line)
                    : line.stanza() < 0 ? Optional.empty() : header;
            look(line, header);
        }
        lookAtBridge();
        return List.copyOf(reasons);
    }

    private void look(InterfacesLine line, Optional<InterfacesLine> header) {
        switch (line.kind()) {
            case HEADER -> lookAtHeader(line);
            case DIRECTIVE -> lookAtDirective(line);
            case OPTION -> {
                boolean isOfLink =
                        header.filter(it -> isNameOf(it.words(), link)).isPresent();
                if (!isOfLink && LinkWord.in(line.value(), link) && !isPortOfBridge(line, header)) {
                    refuse(
                            line.place() + " names " + link + " for another link: \"" + line.said() + "\"",
                            "change it so that it does not depend on " + link + ", first");
                }
            }
            case REMARK -> {
                if (InterfacesMarks.isBegin(line.raw(), link)) {
                    refuse(
                            line.place() + " has what an earlier move of " + link + " wrote",
                            "remove it, or take it back by: op-dbus uplink back " + link);
                }
            }
        }
    }

    private boolean isPortOfBridge(InterfacesLine line, Optional<InterfacesLine> header) {
        return line.option().equals("ovs-ports")
                && header.filter(it -> isNameOf(it.words(), bridge)).isPresent();
    }

    private void lookAtHeader(InterfacesLine line) {
        if (line.words().stream().skip(1).anyMatch(word -> PATTERN.matcher(word).find())) {
            refuse(line.place() + " has a pattern in the place of a name", "write the name of the link");
        } else if (isNameOf(line.words(), link)) {
            String method = line.words().size() > 3 ? line.words().get(3) : "";
            if (line.words().size() > 4 || line.words().size() == 3 || !METHODS.contains(method)) {
                refuse(
                        line.place() + " says \"" + line.said() + "\", which a bridge cannot have for certain",
                        "only the methods static, dhcp, auto and manual can move");
            }
        } else if (line.words().size() > 1 && LinkWord.in(line.words().get(1), link)) {
            refuse(
                    line.place() + " describes a link above " + link,
                    "give its address to a port of the bridge with the tag of its VLAN, first");
        } else if (line.words().size() > 4 && LinkWord.in(line.value(), link)) {
            refuse(line.place() + " inherits from the stanza of " + link, "write its options out");
        }
    }

    private void lookAtDirective(InterfacesLine line) {
        String word = line.option();
        if (word.startsWith("%") || word.startsWith("<%")) {
            refuse(line.place() + " is a template, and what it becomes is not known", "write the stanzas out");
        } else if ((word.equals("auto") || word.startsWith("allow-"))
                && PATTERN.matcher(line.value()).find()) {
            refuse(line.place() + " has a pattern in the place of a name", "write the names of the links");
        } else if (!word.equals("auto")
                && !word.startsWith("allow-")
                && !word.startsWith("source")
                && LinkWord.in(line.value(), link)) {
            refuse(line.place() + " says \"" + line.said() + "\", which names " + link, "remove it, first");
        }
    }

    /** A stanza of the bridge that is there must be one of Open vSwitch's, without addresses. */
    private void lookAtBridge() {
        List<InterfacesLine> headers = lines.stream()
                .filter(line -> line.kind() == InterfacesLine.Kind.HEADER && isNameOf(line.words(), bridge))
                .toList();
        if (headers.isEmpty()) {
            return;
        }
        InterfacesLine header = headers.get(0);
        boolean isManual = headers.size() == 1
                && header.words().get(1).equals(bridge)
                && (header.words().size() == 2
                        || header.words().get(header.words().size() - 1).equals("manual"));
        List<InterfacesLine> options = lines.stream()
                .filter(line -> line.kind() == InterfacesLine.Kind.OPTION
                        && line.stanza() == header.stanza()
                        && line.file().equals(header.file()))
                .toList();
        boolean isOfSwitch = options.stream()
                .anyMatch(
                        line -> line.option().equals("ovs-type") && line.value().equals("OVSBridge"));
        if (!isManual
                || !isOfSwitch
                || options.stream().anyMatch(line -> !line.option().startsWith("ovs-"))) {
            refuse(
                    header.place() + " gives " + bridge + " more than an empty bridge of Open vSwitch has",
                    "leave only \"iface " + bridge + " inet manual\" with ovs_type OVSBridge, or take another bridge");
        }
    }

    private void refuse(String why, String remedy) {
        reasons.add(new Reason(why, remedy));
    }
}
