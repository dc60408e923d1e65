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
 * One container that a state file describes.
 *
 * @param id its name
 * @param veth the name of its first link; if absent, the naming template determines it from the id
 * @param bridge the bridge that its link is attached to; empty for none, absent for {@code enrollment.bridge}
 * @param running whether it must run; if absent, it must
 * @param properties the rest
 */
public record DesiredContainer(
        ContainerId id,
        Optional<LinkName> veth,
        Optional<String> bridge,
        Optional<Boolean> running,
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

    public DesiredContainer {
        ID.check("id", id.value());
        bridge.ifPresent(value -> BRIDGE.check("bridge", value));
        vlanViolation(bridge, properties.vlan()).ifPresent(message -> {
            throw new IllegalArgumentException(new Problem("properties.vlan", message).toString());
        });
    }

    /** Returns whether it must run. */
    public boolean shouldRun() {
        return running.orElse(true);
    }

    /** Returns the container by the keys and in the types of the state file, without absent settings. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id.value());
        veth.ifPresent(value -> map.put("veth", value.value()));
        bridge.ifPresent(value -> map.put("bridge", value));
        running.ifPresent(value -> map.put("running", value));
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
