// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.opdbus.verticles.uplink.manager.NetworkFile.Line;
import org.opdbus.verticles.uplink.manager.NetworkFile.Section;

/**
 * Makes NetworkManager's profile for the bridge out of the one that the link has (nm-settings-keyfile(5)). What it cannot carry
 * over is for {@link ProfileCheck} to refuse. Pure.
 */
final class ProfileRewrite {
    /** The keys of {@code [user]} by which a profile of a move is known; NetworkManager keeps them when it writes the file anew. */
    static final String LINK_MARK = "org.opdbus.uplink.link";

    static final String PROFILE_MARK = "org.opdbus.uplink.profile";

    /** What of {@code [connection]} means the same for the bridge. */
    static final Set<String> MOVING = Set.of(
            "autoconnect",
            "autoconnect-priority",
            "autoconnect-retries",
            "auth-retries",
            "dns-over-tls",
            "gateway-ping-timeout",
            "llmnr",
            "mdns",
            "metered",
            "mptcp-flags",
            "secondaries",
            "stable-id",
            "wait-activation-delay",
            "wait-device-timeout",
            "zone");

    private static final Set<String> WHOLE = Set.of("proxy", "hostname", "user");

    private final NetworkFile file;
    private final Facts facts;

    /**
     * What a profile does not say.
     *
     * @param path the path of the link's profile
     * @param link the link's name
     * @param bridge the bridge's name
     * @param isTap whether the bridge's own link is a tap, as the userspace datapath makes it
     * @param metrics the metrics of the link's default routes, by {@code ipv4} and {@code ipv6}
     * @param identifiers the last 64 bits of the link's addresses from router advertisements, as addresses: {@code ::1}
     * @param hasLease6 whether a DHCP server gave the link an address of IPv6
     */
    record Facts(
            String path,
            String link,
            String bridge,
            boolean isTap,
            Map<String, Long> metrics,
            Set<String> identifiers,
            boolean hasLease6) {
        Facts {
            metrics = Map.copyOf(metrics);
            identifiers = Set.copyOf(identifiers);
        }
    }

    ProfileRewrite(NetworkFile file, Facts facts) {
        this.file = file;
        this.facts = facts;
    }

    /** Returns the value that counts of a key; a section can have a second name. */
    static Optional<String> value(NetworkFile file, String section, String key) {
        return sections(file, section)
                .flatMap(each -> each.value(key).stream())
                .reduce((former, last) -> last)
                .filter(value -> !value.isEmpty());
    }

    /** Returns the sections of this name; the section of Ethernet has two. */
    static Stream<Section> sections(NetworkFile file, String name) {
        return file.sections().stream().filter(section -> name(section).equals(name));
    }

    static String name(Section section) {
        return section.name().equals("802-3-ethernet") ? "ethernet" : section.name();
    }

    /** Returns the identifier of the link's profile; the file must have one. */
    String former() {
        return value(file, "connection", "uuid").orElse("");
    }

    /** Returns the identifier of the bridge's profile, the same for each move of the same profile onto the same bridge. */
    String uuid() {
        String name = "op-dbus uplink " + former() + " " + facts.bridge();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Returns the largest packet that the profile gives the link, if it does. */
    Optional<String> mtu() {
        return value(file, "ethernet", "mtu").filter(mtu -> !mtu.equals("0"));
    }

    /** Returns the profile of the bridge. */
    String forBridge() {
        StringBuilder text = new StringBuilder();
        text.append("# Written by \"op-dbus uplink move\" from ")
                .append(facts.path())
                .append(", which no longer counts for ")
                .append(facts.link())
                .append(".\n# \"op-dbus uplink back ")
                .append(facts.link())
                .append("\" takes it back.\n[connection]\nid=op-dbus ")
                .append(facts.bridge())
                .append("\nuuid=")
                .append(uuid())
                .append("\ntype=")
                .append(facts.isTap() ? "tun" : "generic")
                .append("\ninterface-name=")
                .append(facts.bridge())
                .append('\n');
        lines("connection").filter(line -> MOVING.contains(line.key())).forEach(line -> append(text, line));
        text.append(facts.isTap() ? "\n[tun]\nmode=2\n" : "\n[generic]\n");
        appendFamily(text, "ipv4");
        appendFamily(text, "ipv6");
        WHOLE.stream().sorted().forEach(section -> appendWhole(text, section));
        return text.toString();
    }

    /** NetworkManager gives the routes of a link of this kind a larger metric, unless the profile says which. */
    private void appendFamily(StringBuilder text, String family) {
        text.append("\n[").append(family).append("]\n");
        boolean pins = family.equals("ipv6") && pinned().isPresent();
        Set<String> replaced = pins ? Set.of("addr-gen-mode", "route-metric") : Set.of("route-metric");
        lines(family).filter(line -> !replaced.contains(line.key())).forEach(line -> append(text, line));
        text.append("route-metric=").append(metric(family)).append('\n');
        if (pins) {
            // Else NetworkManager would make other addresses, of the name of the link and the identifier of the
            // profile.
            text.append("addr-gen-mode=eui64\n");
            if (value(file, family, "token").isEmpty()) {
                text.append("token=").append(pinned().orElseThrow()).append('\n');
            }
        }
    }

    private Optional<String> pinned() {
        return facts.identifiers().size() == 1
                ? Optional.of(facts.identifiers().iterator().next())
                : Optional.empty();
    }

    private String metric(String family) {
        return value(file, family, "route-metric")
                .filter(metric -> !metric.equals("-1"))
                .orElseGet(() -> Long.toString(facts.metrics().getOrDefault(family, 100L)));
    }

    private void appendWhole(StringBuilder text, String section) {
        boolean isMarked = section.equals("user");
        if (!isMarked && lines(section).findAny().isEmpty()) {
            return;
        }
        text.append("\n[").append(section).append("]\n");
        lines(section).forEach(line -> append(text, line));
        if (isMarked) {
            text.append(LINK_MARK).append('=').append(facts.link()).append('\n');
            text.append(PROFILE_MARK).append('=').append(former()).append('\n');
        }
    }

    private Stream<Line> lines(String section) {
        return sections(file, section)
                .flatMap(each -> each.lines().stream())
                .filter(line -> !line.key().isEmpty());
    }

    private static void append(StringBuilder text, Line line) {
        text.append(line.text()).append('\n');
    }
}
