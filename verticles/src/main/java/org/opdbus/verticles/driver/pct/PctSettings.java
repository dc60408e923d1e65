// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.pct;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.driver.PropertyChanges;

/** How the properties of a state file are written as arguments of {@code pct}, and read from Proxmox's configuration. */
final class PctSettings {
    private static final String NET = "net0";
    private static final Set<String> OPTIONS = Set.of(
            "hostname", "memory", "swap", "cores", "unprivileged", "features", "onboot", "nameserver", "searchdomain");
    /**
     * The keys that pct does not delete from a configuration: those that it requires, and those that it sets at
     * creation (PVE::LXC::Config).
     */
    private static final Set<String> NEVER_DELETED = Set.of("memory", "swap", "unprivileged");

    /**
     * The keys that pct requires, with Proxmox's default, to which they return when the state file no longer sets
     * them.
     */
    private static final Map<String, String> REQUIRED = new TreeMap<>(Map.of("memory", "512", "swap", "512"));

    private static final Set<String> NUMBERS = Set.of("memory", "swap", "cores");
    private static final Set<String> TRUTHS = Set.of("onboot", "unprivileged");

    private PctSettings() {}

    /**
     * Returns the name that Proxmox gives to the n-th link of a container on the host; only this name counts as its
     * link.
     */
    static String hostLink(String vmid, int number) {
        return "veth" + vmid + "i" + number;
    }

    /** Returns the options of {@code pct create}. */
    static List<String> forCreation(NewContainer request) {
        ContainerProperties properties = request.properties();
        List<String> arguments = options(properties);
        properties.rootfs().ifPresent(value -> arguments.addAll(List.of("--rootfs", value)));
        Map<String, String> net = new LinkedHashMap<>();
        net.put("name", "eth0");
        if (!request.bridge().isEmpty()) {
            net.put("bridge", request.bridge());
        }
        // Written although it is the default: with a firewall the link would be on a bridge of
        // Proxmox's own.
        net.put("firewall", "0");
        write(net, properties, Set.of());
        arguments.addAll(List.of("--" + NET, joined(net)));
        return arguments;
    }

    /** Returns the options of {@code pct set}; empty if no key of Proxmox changes. */
    static List<String> forChange(PropertyChanges changes, PctConfigText config) {
        List<String> arguments = options(changes.values());
        Set<String> network = new TreeSet<>(changes.keys());
        network.retainAll(Set.of("ipv4", "gateway", "vlan"));
        if (!network.isEmpty()) {
            Map<String, String> net = config.parts(NET);
            write(net, changes.values(), changes.removed());
            arguments.addAll(List.of("--" + NET, joined(net)));
        }
        Set<String> deleted = new TreeSet<>(changes.removed());
        deleted.retainAll(OPTIONS);
        deleted.removeAll(NEVER_DELETED);
        // pct warns about a key that is not set; no action is needed.
        deleted.removeIf(key -> config.value(key).isEmpty());
        if (!deleted.isEmpty()) {
            arguments.addAll(List.of("--delete", String.join(",", deleted)));
        }
        REQUIRED.forEach((key, value) -> {
            if (changes.removed().contains(key)) {
                arguments.addAll(List.of("--" + key, value));
            }
        });
        return arguments;
    }

    /** Returns the configured properties, by the keys of the state file. */
    static Map<String, Object> read(PctConfigText config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String key : OPTIONS) {
            config.value(key).ifPresent(value -> properties.put(key, typed(key, value)));
        }
        properties.putIfAbsent("unprivileged", false);
        config.value("rootfs").ifPresent(value -> properties.put("rootfs", rootfs(value)));
        Map<String, String> net = config.parts(NET);
        Optional.ofNullable(net.get("ip"))
                .filter(ip -> !Set.of("dhcp", "manual").contains(ip))
                .ifPresent(ip -> properties.put("ipv4", ip));
        Optional.ofNullable(net.get("gw")).ifPresent(gateway -> properties.put("gateway", gateway));
        Optional.ofNullable(net.get("tag")).ifPresent(tag -> properties.put("vlan", typed("memory", tag)));
        return properties;
    }

    static Optional<String> bridge(PctConfigText config) {
        return config.value(NET).map(net -> config.parts(NET).getOrDefault("bridge", ""));
    }

    static boolean isFirewalled(PctConfigText config) {
        return config.parts(NET).getOrDefault("firewall", "0").equals("1");
    }

    private static List<String> options(ContainerProperties properties) {
        List<String> arguments = new ArrayList<>();
        properties.toMap().forEach((key, value) -> {
            if (OPTIONS.contains(key)) {
                arguments.add("--" + key);
                arguments.add(value instanceof Boolean truth ? truth ? "1" : "0" : value.toString());
            }
        });
        return arguments;
    }

    /** The other settings of the link stay: its hardware address, rate, MTU, firewall. */
    private static void write(Map<String, String> net, ContainerProperties values, Set<String> removed) {
        if (removed.contains("ipv4")) {
            net.remove("ip");
            net.remove("gw");
        }
        if (removed.contains("gateway")) {
            net.remove("gw");
        }
        if (removed.contains("vlan")) {
            net.remove("tag");
        }
        values.ipv4().ifPresent(value -> {
            net.put("ip", value.toString());
            net.remove("gw");
        });
        values.gateway().ifPresent(value -> net.put("gw", value.toString()));
        values.vlan().ifPresent(value -> net.put("tag", value.toString()));
    }

    private static String joined(Map<String, String> parts) {
        return parts.entrySet().stream()
                .map(part -> part.getKey().isEmpty() ? part.getValue() : part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(","));
    }

    private static Object typed(String key, String value) {
        if (NUMBERS.contains(key) && value.matches("[0-9]{1,18}")) {
            return Long.parseLong(value);
        }
        return TRUTHS.contains(key) ? (Object) value.equals("1") : value;
    }

    /** {@code local-lvm:vm-100-disk-0,size=8G} results from {@code local-lvm:8}. */
    private static String rootfs(String value) {
        Map<String, String> parts = PctConfigText.parts(Optional.of(value));
        String volume = parts.getOrDefault("", parts.getOrDefault("volume", ""));
        String size = parts.getOrDefault("size", "");
        boolean isVolume = volume.indexOf(':') > 0 && size.matches("[0-9]+G");
        return isVolume ? volume.substring(0, volume.indexOf(':') + 1) + size.substring(0, size.length() - 1) : volume;
    }
}
