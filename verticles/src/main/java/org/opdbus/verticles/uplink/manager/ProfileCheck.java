// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.uplink.manager.NetworkFile.Line;
import org.opdbus.verticles.uplink.manager.NetworkFile.Section;
import org.opdbus.verticles.uplink.manager.ProfileRewrite.Facts;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** Finds what of a profile of NetworkManager would not be the same on a bridge. Pure. */
final class ProfileCheck {
    private static final Set<String> SECTIONS =
            Set.of("connection", "ethernet", "ipv4", "ipv6", "proxy", "hostname", "user");

    /** What the profile of the bridge says in its own way, or does not need. */
    private static final Set<String> OWN =
            Set.of("id", "uuid", "type", "interface-name", "timestamp", "permissions", "multi-connect");

    /** How the profile finds its link. The bridge does not need it. */
    private static final Set<String> FINDING =
            Set.of("mac-address", "mac-address-blacklist", "mac-address-denylist", "mtu");

    private static final String OTHER_MANAGER =
            "let systemd-networkd or ifupdown configure the link, or move it by hand";

    private final NetworkFile file;
    private final Facts facts;
    private final List<Reason> reasons = new ArrayList<>();

    private ProfileCheck(NetworkFile file, Facts facts) {
        this.file = file;
        this.facts = facts;
    }

    /** Returns why the profile cannot move for certain; nothing if it can. */
    static List<Reason> reasons(NetworkFile file, Facts facts) {
        ProfileCheck check = new ProfileCheck(file, facts);
        file.sections().forEach(check::section);
        check.connection();
        check.family4();
        check.family6();
        return List.copyOf(check.reasons);
    }

    private void add(String what, String remedy) {
        reasons.add(new Reason(what, remedy));
    }

    private String modify(String setting) {
        return "change that and activate the profile again: nmcli connection modify "
                + value("connection", "uuid").orElse("UUID") + " " + setting;
    }

    private Optional<String> value(String section, String key) {
        return ProfileRewrite.value(file, section, key);
    }

    private void section(Section section) {
        String name = ProfileRewrite.name(section);
        for (Line line : section.lines()) {
            if (line.key().isEmpty()) {
                String text = line.text().strip();
                if (!text.isEmpty() && !text.startsWith("#") && !text.startsWith(";")) {
                    add(line.place() + " is neither a section nor a key with a value", "remove or mend the line");
                }
            } else if (!SECTIONS.contains(name)) {
                add(
                        line.place() + " is in the section [" + section.name()
                                + "], and it is not certain what it must become on a bridge",
                        OTHER_MANAGER);
                return;
            } else {
                line(name, line);
            }
        }
    }

    private void line(String section, Line line) {
        String said = line.place() + " says \"" + line.key() + "=" + line.value() + "\"";
        if (line.text().contains("\n") || line.text().contains("\r")) {
            add(line.place() + " ends with a character that not all programs read alike", "remove it from the line");
        } else if (!isKnown(section, line)) {
            add(said + ", and it is not certain what that must become on a bridge", OTHER_MANAGER);
        } else if (section.startsWith("ip") && LinkWord.in(line.value(), facts.link())) {
            add(said + ", which names the link", "change it so that it does not depend on " + facts.link());
        }
    }

    private static boolean isKnown(String section, Line line) {
        if (line.value().isEmpty()) {
            return true;
        }
        return switch (section) {
            case "connection" -> OWN.contains(line.key()) || ProfileRewrite.MOVING.contains(line.key());
            case "ethernet" ->
                FINDING.contains(line.key())
                        || (line.key().equals("cloned-mac-address")
                                && Set.of("preserve", "permanent").contains(line.value()));
            default -> true;
        };
    }

    private void connection() {
        String type = value("connection", "type").orElse("none");
        if (!Set.of("ethernet", "802-3-ethernet").contains(type)) {
            add(
                    facts.path() + " is a profile of the type " + type + ", and only one of the type ethernet can move",
                    OTHER_MANAGER);
        }
        if (value("connection", "uuid").isEmpty()) {
            add(
                    facts.path() + " has no uuid",
                    "let NetworkManager write the file: nmcli connection modify NAME connection.interface-name "
                            + facts.link());
        }
        if (value("connection", "autoconnect").filter("false"::equals).isPresent()) {
            add(facts.path() + " is not activated at boot (autoconnect=false)", modify("connection.autoconnect yes"));
        }
        if (value("connection", "permissions").isPresent()) {
            add(
                    facts.path() + " is active only while a certain user is logged in",
                    modify("connection.permissions \"\""));
        }
        boolean isBound = value("connection", "interface-name")
                        .filter(facts.link()::equals)
                        .isPresent()
                || value("ethernet", "mac-address").isPresent();
        if (!isBound) {
            // It is free when the link is unmanaged.
            add(
                    facts.path() + " is for any link, so NetworkManager could activate it on another one",
                    modify("connection.interface-name " + facts.link()));
        }
    }

    private void family4() {
        method("ipv4", Set.of("auto", "manual", "disabled", "link-local"));
        boolean asks = value("ipv4", "method").filter("auto"::equals).isPresent();
        String id = value("ipv4", "dhcp-client-id").orElse("mac");
        if (asks && (Set.of("stable", "duid", "ipv6-duid", "perm-mac").contains(id) || id.contains("${"))) {
            add(
                    facts.path() + " makes the DHCP client's identifier from the link or the profile (dhcp-client-id="
                            + id + "), and the server would give the bridge another address",
                    modify("ipv4.dhcp-client-id mac"));
        }
    }

    private void family6() {
        method("ipv6", Set.of("auto", "dhcp", "manual", "disabled", "ignore", "link-local"));
        if (facts.identifiers().size() > 1) {
            add(
                    "the IPv6 addresses of " + facts.link() + " from router advertisements end differently ("
                            + String.join(
                                    ", ", facts.identifiers().stream().sorted().toList())
                            + "), and NetworkManager would make other ones on a bridge",
                    modify("ipv6.addr-gen-mode eui64"));
        }
        boolean asks = facts.hasLease6()
                || value("ipv6", "method").filter("dhcp"::equals).isPresent();
        String identity = value("ipv6", "dhcp-iaid").orElse("ifname");
        if (asks && Set.of("ifname", "stable").contains(identity)) {
            add(
                    facts.path() + " makes the identity for DHCPv6 from the link or the profile (dhcp-iaid=" + identity
                            + "), and the server would give the bridge another address",
                    modify("ipv6.dhcp-iaid mac"));
        }
    }

    private void method(String family, Set<String> known) {
        String method = value(family, "method").orElse("none");
        if (!known.contains(method)) {
            add(facts.path() + " configures " + family + " by the method " + method, OTHER_MANAGER);
        }
    }
}
