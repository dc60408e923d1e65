// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.config.state.EntryForm;
import org.opdbus.events.ContainerId;

/**
 * One container: its wanted state with the defaults filled in, or its observed state.
 *
 * @param id what the state file calls it
 * @param veth the name of its first link; absent if that cannot be observed now, or if nothing says what it is to be
 * @param bridge the bridge of its first link, empty for none; absent if that cannot be observed now
 * @param inside the settings of a link that the agent makes itself, {@code ifname} and {@code mtu}; they cannot be observed
 * @param properties by the keys and in the values of the state file ({@code String}, {@code Long}, {@code Boolean})
 */
public record ContainerState(
        ContainerId id,
        Optional<String> veth,
        Optional<String> bridge,
        boolean running,
        Map<String, Object> inside,
        Map<String, Object> properties) {
    public ContainerState {
        inside = Collections.unmodifiableMap(new TreeMap<>(inside));
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /** A container whose links all have another maker. */
    public ContainerState(
            ContainerId id,
            Optional<String> veth,
            Optional<String> bridge,
            boolean running,
            Map<String, Object> properties) {
        this(id, veth, bridge, running, Map.of(), properties);
    }

    /** Returns the container by the keys of the state file. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        EntryForm form = EntryForm.of(id.kind());
        map.put(form.key(), id.own());
        veth.ifPresent(value -> map.put("veth", value));
        bridge.ifPresent(value -> map.put("bridge", value));
        if (!form.isAttachment()) {
            map.put("running", running);
        }
        map.putAll(inside);
        map.put("properties", properties);
        return Collections.unmodifiableMap(map);
    }
}
