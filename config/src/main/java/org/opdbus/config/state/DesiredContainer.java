// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.config.EnrollmentConfig;
import org.opdbus.config.json.Limit;
import org.opdbus.config.json.Problem;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;

/**
 * One container that a state file describes. For a container of Docker or Podman and for a virtual machine it describes what the
 * links are attached to, and nothing else.
 *
 * @param id what the state file calls it: {@code 101}, {@code docker:web}, {@code vm:101}
 * @param veth the name of its first link; if absent, the naming template determines it from the id
 * @param bridge the bridge that its link is attached to; empty for none, absent for {@code enrollment.bridge}
 * @param running whether it must run; if absent, it must
 * @param ifname the name that a link made by the agent has in the container; only for Docker and Podman
 * @param mtu the MTU of a link made by the agent; only for Docker and Podman
 * @param properties the rest
 */
public record DesiredContainer(
        ContainerId id,
        Optional<LinkName> veth,
        Optional<String> bridge,
        Optional<Boolean> running,
        Optional<LinkName> ifname,
        Optional<Long> mtu,
        ContainerProperties properties) {
    /**
     * The form of an id in a state file. It is stricter than LXC's, so that an id can be used in any command, path or
     * key.
     */
    public static final String ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    static final Limit<String> ID = Limit.that(
            Pattern.compile(ID_PATTERN).asMatchPredicate(),
            "must be 1 to 63 letters, digits, dots, dashes and underscores, beginning with a letter or digit");
    static final Limit<String> VETH = Limit.that(
            LinkName::isValid,
            "must be the name of a link (1 to " + LinkName.BYTES_MAX + " bytes, no slash, colon or white space)");
    static final Limit<String> BRIDGE =
            value -> value.isEmpty() ? Optional.empty() : EnrollmentConfig.BRIDGE.violation(value);

    /** From the smallest MTU with IPv4 (RFC 791) to the largest one of a veth. */
    static final Limit<Long> MTU = Limit.range(68, 65_535);

    public DesiredContainer {
        EntryForm form = EntryForm.of(id.kind());
        form.name().check(form.key(), id.own());
        mtu.ifPresent(value -> MTU.check("mtu", value));
        if (!id.kind().isEngine()) {
            absent("ifname", ifname, form);
            absent("mtu", mtu, form);
        }
        if (form.isAttachment()) {
            absent("running", running, form);
            properties.toMap().keySet().stream()
                    .filter(key -> !form.properties().contains(key))
                    .findFirst()
                    .ifPresent(key -> absent("properties." + key, Optional.of(key), form));
        }
        bridge.ifPresent(value -> BRIDGE.check("bridge", value));
        vlanViolation(bridge, properties.vlan()).ifPresent(message -> {
            throw new IllegalArgumentException(new Problem("properties.vlan", message).toString());
        });
    }

    /** Describes a container of LXC. */
    public DesiredContainer(
            ContainerId id,
            Optional<LinkName> veth,
            Optional<String> bridge,
            Optional<Boolean> running,
            ContainerProperties properties) {
        this(id, veth, bridge, running, Optional.empty(), Optional.empty(), properties);
    }

    private static void absent(String key, Optional<?> value, EntryForm form) {
        if (value.isPresent()) {
            throw new IllegalArgumentException(new Problem(
                            key,
                            "is no key of an entry of plugin " + form.kind().word())
                    .toString());
        }
    }

    /** Returns whether it must run. */
    public boolean shouldRun() {
        return running.orElse(true);
    }

    /** Returns the container by the keys and in the types of the state file, without absent settings. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(EntryForm.of(id.kind()).key(), id.own());
        veth.ifPresent(value -> map.put("veth", value.value()));
        bridge.ifPresent(value -> map.put("bridge", value));
        running.ifPresent(value -> map.put("running", value));
        ifname.ifPresent(value -> map.put("ifname", value.value()));
        mtu.ifPresent(value -> map.put("mtu", value));
        if (!properties.toMap().isEmpty()) {
            map.put("properties", properties.toMap());
        }
        return Collections.unmodifiableMap(map);
    }

    /** Returns the error in a VLAN for this bridge, as a sentence without its subject. */
    static Optional<String> vlanViolation(Optional<String> bridge, Optional<Long> vlan) {
        return vlan.isPresent() && bridge.isPresent() && bridge.get().isEmpty()
                ? Optional.of("needs a bridge: with \"bridge\": \"\" there is no port to put into " + "a VLAN")
                : Optional.empty();
    }
}
