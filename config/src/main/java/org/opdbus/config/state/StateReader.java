// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.config.json.JsonReader;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.KeyPath;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;

/** Assigns the keys of a state file to components. */
final class StateReader {
    private final JsonReader json;
    private final Map<String, KeyPath> ids = new HashMap<>();
    private final Map<String, KeyPath> veths = new HashMap<>();

    StateReader(JsonReader json) {
        this.json = json;
    }

    /** Returns the containers; use them only if the reader has no problems afterwards. */
    List<DesiredContainer> read() {
        json.require("version", Long.toString(DesiredState.VERSION));
        json.integer("version", DesiredState.VERSION_LIMIT);
        List<DesiredContainer> containers = new ArrayList<>();
        for (JsonReader item : json.object("plugins").object("lxc").objects("containers")) {
            container(item).ifPresent(containers::add);
        }
        return containers;
    }

    private Optional<DesiredContainer> container(JsonReader item) {
        item.require("id", "\"100\"");
        Optional<String> id = item.string("id", DesiredContainer.ID);
        id.ifPresent(value -> refuseSecond(item, "id", value, ids));
        Optional<String> veth = item.string("veth", DesiredContainer.VETH);
        veth.ifPresent(value -> refuseSecond(item, "veth", value, veths));
        Optional<String> bridge = item.string("bridge", DesiredContainer.BRIDGE);
        Optional<Boolean> running = item.bool("running");
        JsonReader properties = item.object("properties");
        ContainerProperties read = StateValues.read(properties);
        Optional<String> vlan = DesiredContainer.vlanViolation(bridge, read.vlan());
        vlan.ifPresent(message -> properties.refuse("vlan", message));
        if (id.isEmpty() || vlan.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                new DesiredContainer(new ContainerId(id.get()), veth.map(LinkName::new), bridge, running, read));
    }

    private static void refuseSecond(JsonReader item, String key, String value, Map<String, KeyPath> seen) {
        KeyPath first = seen.putIfAbsent(value, item.path().key(key));
        if (first != null) {
            item.refuse(key, "is " + JsonValues.shown(value) + ", which " + first + " has already");
        }
    }
}
