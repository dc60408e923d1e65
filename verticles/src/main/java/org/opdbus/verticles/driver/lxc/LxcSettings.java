// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;

/** How the properties of a state file are written in an LXC configuration, and read from it. */
final class LxcSettings {
    static final String NET = "lxc.net.0.";
    static final String HOST_LINK = NET + "veth.pair";
    static final String ROOTFS = "lxc.rootfs.path";
    static final String ID_MAP = "lxc.idmap";

    private static final String HOSTNAME = "lxc.uts.name";
    private static final String ON_BOOT = "lxc.start.auto";
    private static final String ADDRESS = NET + "ipv4.address";
    private static final String GATEWAY = NET + "ipv4.gateway";
    private static final String APPARMOR_NESTING = "lxc.apparmor.allow_nesting";
    private static final String INCLUDE = "lxc.include";
    private static final String NESTING = "/usr/share/lxc/config/nesting.conf";
    private static final String MOUNT = "lxc.mount.entry";
    private static final String FUSE = "/dev/fuse dev/fuse none bind,create=file,optional 0 0";
    private static final String FUSE_DEVICE = "c 10:229 rwm";
    private static final String TUN = "/dev/net/tun dev/net/tun none bind,create=file,optional 0 0";
    private static final String TUN_DEVICE = "c 10:200 rwm";

    private final CgroupLimits limits;

    LxcSettings(CgroupLimits limits) {
        this.limits = limits;
    }

    /**
     * Returns the section of the first link: up, with both names, and attached to nothing until the agent attaches
     * it.
     */
    static void link(LxcConfigText config, String hostLink, String mac) {
        config.set(NET + "type", "veth");
        config.set(NET + "flags", "up");
        config.set(NET + "name", "eth0");
        config.set(HOST_LINK, hostLink);
        config.set(NET + "hwaddr", mac);
    }

    /** Turns the section of the first link into one that gives the container loopback only. */
    static void withoutLink(LxcConfigText config) {
        List.of("flags", "name", "veth.pair", "hwaddr").forEach(key -> config.remove(NET + key));
        config.set(NET + "type", "empty");
    }

    /** Refuses what LXC, or this driver, does not have. */
    void check(ContainerProperties properties) throws DriverException {
        if (properties.features().isPresent()) {
            features(properties.features().get());
        }
        limits.files(properties.memory(), properties.swap(), properties.cores());
    }

    /** Writes the given properties; the others stay. */
    void write(LxcConfigText config, ContainerProperties properties) throws DriverException {
        properties.hostname().ifPresent(value -> config.set(HOSTNAME, value));
        if (properties.networkType().filter(NetworkType.NETMAKER::equals).isPresent()) {
            // For WireGuard where the host's kernel has no module of its own.
            toggle(config, MOUNT, TUN, true);
            toggle(config, limits.prefix + "devices.allow", TUN_DEVICE, true);
        }
        properties.onboot().ifPresent(value -> config.set(ON_BOOT, value ? "1" : "0"));
        properties.nameserver().ifPresent(value -> config.setNote("nameserver", value));
        properties.searchdomain().ifPresent(value -> config.setNote("searchdomain", value));
        if (properties.ipv4().isPresent()) {
            config.set(ADDRESS, properties.ipv4().get().toString());
            config.remove(GATEWAY);
            properties.gateway().ifPresent(value -> config.set(GATEWAY, value.toString()));
        }
        if (properties.features().isPresent()) {
            writeFeatures(config, features(properties.features().get()));
        }
        limitFiles(config, properties).forEach((file, value) -> config.set(limits.prefix + file, value));
    }

    /** Sets a key to its default. */
    void remove(LxcConfigText config, String key, String id) {
        switch (key) {
            case "hostname" -> config.set(HOSTNAME, id);
            case "onboot" -> config.remove(ON_BOOT);
            case "nameserver", "searchdomain" -> config.removeNote(key);
            case "ipv4" -> {
                config.remove(ADDRESS);
                config.remove(GATEWAY);
            }
            case "gateway" -> config.remove(GATEWAY);
            case "features" -> writeFeatures(config, Map.of());
            case "memory", "swap", "cores" ->
                limits.unlimited(key).keySet().forEach(file -> config.remove(limits.prefix + file));
            default -> {
                // The other keys are not LXC's: the port's VLAN, the mesh.
            }
        }
    }

    /** Returns the control files for the given limits, completed by those in the configuration. */
    Map<String, String> limitFiles(LxcConfigText config, ContainerProperties properties) throws DriverException {
        if (properties.memory().isEmpty() && properties.swap().isEmpty()) {
            return limits.files(Optional.empty(), Optional.empty(), properties.cores());
        }
        Map<String, Long> present = limits.read(config);
        return limits.files(
                properties.memory().or(() -> Optional.ofNullable(present.get("memory"))),
                properties.swap().or(() -> Optional.ofNullable(present.get("swap"))),
                properties.cores());
    }

    /** Returns the control files that remove a limit. */
    Map<String, String> unlimited(String key) {
        return limits.unlimited(key);
    }

    /** Returns the configured properties, by the keys of the state file. */
    Map<String, Object> read(LxcConfigText config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        config.value(HOSTNAME).ifPresent(value -> properties.put("hostname", value));
        config.value(ON_BOOT).ifPresent(value -> properties.put("onboot", value.equals("1")));
        config.value(ADDRESS).ifPresent(value -> properties.put("ipv4", value.split(" ", 2)[0]));
        config.value(GATEWAY).ifPresent(value -> properties.put("gateway", value));
        for (String note : List.of("template", "nameserver", "searchdomain")) {
            config.note(note).ifPresent(value -> properties.put(note, value));
        }
        properties.put("unprivileged", !config.values(ID_MAP).isEmpty());
        List<String> features = new ArrayList<>();
        if (config.values(INCLUDE).contains(NESTING)) {
            features.add("nesting=1");
        }
        if (config.values(MOUNT).contains(FUSE)) {
            features.add("fuse=1");
        }
        if (!features.isEmpty()) {
            properties.put("features", String.join(",", features));
        }
        properties.putAll(limits.read(config));
        return properties;
    }

    private void writeFeatures(LxcConfigText config, Map<String, Boolean> features) {
        toggle(config, INCLUDE, NESTING, features.getOrDefault("nesting", false));
        toggle(config, APPARMOR_NESTING, "1", features.getOrDefault("nesting", false));
        toggle(config, MOUNT, FUSE, features.getOrDefault("fuse", false));
        toggle(config, limits.prefix + "devices.allow", FUSE_DEVICE, features.getOrDefault("fuse", false));
    }

    private static void toggle(LxcConfigText config, String key, String value, boolean on) {
        if (on) {
            config.add(key, value);
        } else {
            config.removeValue(key, value);
        }
    }

    private static Map<String, Boolean> features(String list) throws DriverException {
        Map<String, Boolean> features = new LinkedHashMap<>();
        for (String feature : Arrays.asList(list.split(",", -1))) {
            String[] nameAndValue = feature.split("=", 2);
            boolean known = List.of("nesting", "fuse").contains(nameAndValue[0])
                    && List.of("0", "1").contains(nameAndValue[1]);
            if (!known) {
                throw new DriverException(
                        Reason.INVALID,
                        "the feature " + feature + " is not known for LXC",
                        "use nesting=1 and fuse=1, or write LXC's own keys into the container's config");
            }
            features.put(nameAndValue[0], nameAndValue[1].equals("1"));
        }
        return features;
    }
}
