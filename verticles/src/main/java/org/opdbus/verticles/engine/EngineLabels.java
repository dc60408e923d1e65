// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.Ipv4Address;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;
import org.opdbus.events.Workload.Asked;
import org.opdbus.verticles.driver.engine.LabLabels;

/**
 * Parses the labels of a container that begin with {@code opdbus.}. Any text is accepted: a label that cannot be understood is
 * left out, and said in {@link Asked#faults()}.
 */
final class EngineLabels {
    private static final String PREFIX = "opdbus.";
    private static final Set<String> KNOWN =
            Set.of("bridge", "vlan", "ipv4", "gateway", "mtu", "ifname", "network_type");
    private static final Set<String> NETWORK_TYPES = Set.of("bridge", "netmaker");
    private static final int VLAN_MAX = 4094;
    /** The least that IPv4 works with (RFC 791), and the most that the kernel gives a veth. */
    private static final int MTU_MIN = 68;

    private static final int MTU_MAX = 65_535;
    private static final int VALUE_LENGTH_MAX = 64;
    private static final int FAULTS_MAX = 4;

    private final Map<String, String> ours = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    private EngineLabels(Map<String, String> labels) {
        Set<String> strange = new TreeSet<>();
        labels.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                String own = key.substring(PREFIX.length());
                if (KNOWN.contains(own)) {
                    ours.put(own, value);
                } else {
                    strange.add(own);
                }
            }
        });
        strange.stream().limit(FAULTS_MAX).forEach(key -> fault(shown(key), "is no label that op-dbus knows"));
    }

    /** Returns what the labels ask for, and which part of Netmaker the container is. */
    static Asked read(Map<String, String> labels, String name, String image) {
        Optional<String> role = NetmakerRole.of(labels, name, image);
        String lab = labels.get(LabLabels.LAB);
        // A lab's image can have labels of its own, which would lead out of the lab.
        return lab == null ? new EngineLabels(labels).asked(role) : Asked.byLab(cut(lab), role);
    }

    private Asked asked(Optional<String> role) {
        Optional<String> bridge = text(
                "bridge",
                LinkName::isValid,
                "must be the name of a bridge (1 to " + LinkName.BYTES_MAX + " bytes, no slash, colon or white space)");
        Optional<Integer> vlan = number("vlan", 1, VLAN_MAX);
        Optional<Integer> mtu = number("mtu", MTU_MIN, MTU_MAX);
        Optional<String> ifname = text(
                "ifname",
                name -> LinkName.isValid(name) && !name.equals("lo"),
                "must be the name of a link (1 to " + LinkName.BYTES_MAX + " bytes, no slash, colon or white space)");
        Optional<String> networkType = text("network_type", NETWORK_TYPES::contains, "must be bridge or netmaker");
        return new Asked(bridge, vlan, address(), mtu, ifname.map(LinkName::new), networkType, role, faults);
    }

    private Optional<String> text(String key, Predicate<String> isValid, String rule) {
        Optional<String> value = Optional.ofNullable(ours.get(key));
        if (value.isPresent() && !isValid.test(value.get())) {
            fault(key, rule + ", is " + shown(value.get()));
            return Optional.empty();
        }
        return value;
    }

    private Optional<Integer> number(String key, int least, int most) {
        return text(
                        key,
                        value -> number(value).orElse(-1) >= least
                                && number(value).orElse(-1) <= most,
                        "must be " + least + " to " + most)
                .map(Integer::valueOf);
    }

    /** Digits alone, so that no other program can read another number. */
    private static OptionalInt number(String value) {
        boolean plain = !value.isEmpty()
                && value.length() <= 5
                && value.chars().allMatch(c -> c >= '0' && c <= '9')
                && (value.charAt(0) != '0' || value.length() == 1);
        return plain ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
    }

    /** The rules are those of a state file. */
    private Optional<StaticAddress> address() {
        Map<String, Object> given = new HashMap<>();
        for (String key : List.of("ipv4", "gateway")) {
            String value = ours.get(key);
            if (value != null) {
                given.put(key, value.length() > VALUE_LENGTH_MAX ? shown(value) : value);
            }
        }
        try {
            ContainerProperties properties = ContainerProperties.of(given);
            return properties
                    .ipv4()
                    .map(cidr -> new StaticAddress(
                            cidr.address().toInetAddress(),
                            cidr.prefix(),
                            properties.gateway().map(Ipv4Address::toInetAddress)));
        } catch (IllegalArgumentException e) {
            faults.add(PREFIX + e.getMessage());
            return Optional.empty();
        }
    }

    private void fault(String key, String message) {
        faults.add(PREFIX + key + " " + message);
    }

    private static String shown(String value) {
        return "\"" + cut(value) + "\"";
    }

    private static String cut(String value) {
        return value.length() > VALUE_LENGTH_MAX ? value.substring(0, VALUE_LENGTH_MAX) + "…" : value;
    }
}
