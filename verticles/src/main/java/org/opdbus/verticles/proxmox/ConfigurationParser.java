// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.verticles.driver.pct.PctConfigText;

/**
 * Parses the network devices in the text of a configuration (pct.conf(5), qm.conf(5)). It has no side effects.
 *
 * <p>Only the part before the first section counts: sections are snapshots and changes that wait
 * for the next start. A line of the description begins with {@code #} and is percent-encoded, so it
 * is never taken for a device.
 */
final class ConfigurationParser {
    /** Proxmox allows net0 to net31 (PVE::LXC::Config, MAX_LXC_NETWORKS); a later version may allow more. */
    private static final int NETS_MAX = 64;

    private static final int VLAN_MAX = 4094;
    private static final int MTU_MIN = 64;
    private static final int MTU_MAX = 65_535;
    /** A machine's card then has the MTU of its bridge. */
    private static final String MTU_OF_BRIDGE = "1";

    private static final Pattern MAC = Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}");
    private static final BigDecimal RATE_UNIT = BigDecimal.valueOf(1024L * 1024);
    private static final BigDecimal RATE_MAX = BigDecimal.valueOf(1_000_000);

    private ConfigurationParser() {}

    /** A configuration that is not valid; the message says where and why. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /** Returns the devices by number. */
    static List<ProxmoxNet> parse(String text, Kind kind) throws MalformedException {
        PctConfigText config = PctConfigText.of(text);
        List<ProxmoxNet> nets = new ArrayList<>();
        for (int number = 0; number < NETS_MAX; number++) {
            if (config.value("net" + number).isPresent()) {
                nets.add(net(number, config.parts("net" + number), kind));
            }
        }
        return nets;
    }

    private static ProxmoxNet net(int number, Map<String, String> parts, Kind kind) throws MalformedException {
        String device = "net" + number;
        Optional<Integer> tag = Optional.empty();
        if (parts.containsKey("tag")) {
            tag = Optional.of(integer(device, "tag", parts.getOrDefault("tag", ""), 1, VLAN_MAX));
        }
        Optional<Integer> mtu = Optional.empty();
        boolean isBridges = kind == Kind.VM && parts.getOrDefault("mtu", "").equals(MTU_OF_BRIDGE);
        if (parts.containsKey("mtu") && !isBridges) {
            mtu = Optional.of(integer(device, "mtu", parts.getOrDefault("mtu", ""), MTU_MIN, MTU_MAX));
        }
        return new ProxmoxNet(
                number,
                Optional.ofNullable(parts.get("bridge")).filter(bridge -> !bridge.isEmpty()),
                address(parts, kind).map(mac -> mac.toLowerCase(Locale.ROOT)),
                tag,
                trunks(device, parts.getOrDefault("trunks", "")),
                truth(device, "firewall", parts),
                truth(device, "link_down", parts),
                mtu,
                rate(device, parts.getOrDefault("rate", "")));
    }

    /** A machine's device has it behind the model of the card: {@code virtio=BC:24:11:…}. */
    private static Optional<String> address(Map<String, String> parts, Kind kind) {
        return kind == Kind.VM
                ? parts.values().stream()
                        .filter(value -> MAC.matcher(value).matches())
                        .findFirst()
                : Optional.ofNullable(parts.get("hwaddr"));
    }

    /** Parses VLANs with semicolons between them, and ranges such as {@code 10-20}. */
    private static Set<Integer> trunks(String device, String text) throws MalformedException {
        Set<Integer> trunks = new TreeSet<>();
        if (text.isEmpty()) {
            return trunks;
        }
        for (String part : text.split(";", -1)) {
            String[] ends = part.split("-", 2);
            int first = integer(device, "trunks", ends[0], 1, VLAN_MAX);
            int last = integer(device, "trunks", ends[ends.length - 1], first, VLAN_MAX);
            for (int vlan = first; vlan <= last; vlan++) {
                trunks.add(vlan);
            }
        }
        return trunks;
    }

    /** Parses Proxmox's booleans (PVE::JSONSchema, {@code parse_boolean}). */
    private static boolean truth(String device, String key, Map<String, String> parts) throws MalformedException {
        String value = parts.getOrDefault(key, "0").toLowerCase(Locale.ROOT);
        return switch (value) {
            case "1", "on", "yes", "true" -> true;
            case "0", "off", "no", "false" -> false;
            default -> throw malformed(device, key, value);
        };
    }

    /** Parses mebibytes per second, with a fraction. */
    private static Optional<Long> rate(String device, String text) throws MalformedException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") || new BigDecimal(text).compareTo(RATE_MAX) > 0) {
            throw malformed(device, "rate", text);
        }
        long bytes = new BigDecimal(text)
                .multiply(RATE_UNIT)
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
        // For Proxmox 0 means no limit.
        return bytes == 0 ? Optional.empty() : Optional.of(bytes);
    }

    private static int integer(String device, String key, String text, int least, int most) throws MalformedException {
        if (!text.matches("[0-9]{1,6}")) {
            throw malformed(device, key, text);
        }
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw malformed(device, key, text);
        }
        return number;
    }

    private static MalformedException malformed(String device, String key, String value) {
        String shown = value.length() > 40 ? value.substring(0, 40) + "…" : value;
        return new MalformedException(device + " has " + key + "=" + shown + ", which is not valid");
    }
}
