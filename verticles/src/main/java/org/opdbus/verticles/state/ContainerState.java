// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.events.ContainerId;

/**
 * One container: its wanted state with the defaults filled in, or its observed state.
 *
 * @param veth the name of its first link; absent if that cannot be observed now
 * @param bridge the bridge of its first link, empty for none; absent if that cannot be observed now
 * @param properties by the keys and in the values of the state file ({@code String}, {@code Long}, {@code Boolean})
 */
public record ContainerState(
        ContainerId id,
        Optional<String> veth,
        Optional<String> bridge,
        boolean running,
        Map<String, Object> properties) {
    public ContainerState {
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /** Returns the container by the keys of the state file. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id.value());
        veth.ifPresent(value -> map.put("veth", value));
        bridge.ifPresent(value -> map.put("bridge", value));
        map.put("running", running);
        map.put("properties", properties);
        return Collections.unmodifiableMap(map);
    }
}
