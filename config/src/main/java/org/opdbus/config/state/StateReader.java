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
    private final Map<ContainerId, KeyPath> ids = new HashMap<>();
    private final Map<LinkName, KeyPath> veths = new HashMap<>();

    StateReader(JsonReader json) {
        this.json = json;
    }

    /** Returns the containers; use them only if the reader has no problems afterwards. */
    List<DesiredContainer> read() {
        json.require("version", Long.toString(DesiredState.VERSION));
        json.integer("version", DesiredState.VERSION_LIMIT);
        List<DesiredContainer> containers = new ArrayList<>();
        JsonReader plugins = json.object("plugins");
        for (EntryForm form : EntryForm.all()) {
            for (JsonReader item : plugins.object(form.kind().word()).objects(form.list())) {
                container(form, item).ifPresent(containers::add);
            }
        }
        return containers;
    }

    private Optional<DesiredContainer> container(EntryForm form, JsonReader item) {
        item.require(form.key(), form.example());
        Optional<ContainerId> id = item.string(form.key(), form.name()).map(form.kind()::id);
        id.ifPresent(value -> refuseSecond(item, form.key(), value, value.own(), ids));
        boolean hasLink = form.kind().isEngine();
        Optional<LinkName> veth = hasLink || !form.isAttachment() ? link(item, "veth") : Optional.empty();
        veth.ifPresent(value -> refuseSecond(item, "veth", value, value.value(), veths));
        Optional<String> bridge = item.string("bridge", DesiredContainer.BRIDGE);
        Optional<Boolean> running = form.isAttachment() ? Optional.empty() : item.bool("running");
        Optional<LinkName> ifname = hasLink ? link(item, "ifname") : Optional.empty();
        Optional<Long> mtu = hasLink ? item.integer("mtu", DesiredContainer.MTU) : Optional.empty();
        JsonReader properties = item.object("properties");
        ContainerProperties read = StateValues.read(properties, form);
        Optional<String> vlan = DesiredContainer.vlanViolation(bridge, read.vlan());
        vlan.ifPresent(message -> properties.refuse("vlan", message));
        if (id.isEmpty() || vlan.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new DesiredContainer(id.get(), veth, bridge, running, ifname, mtu, read));
    }

    private static Optional<LinkName> link(JsonReader item, String key) {
        return item.string(key, DesiredContainer.VETH).map(LinkName::new);
    }

    private static <T> void refuseSecond(JsonReader item, String key, T value, String text, Map<T, KeyPath> seen) {
        KeyPath first = seen.putIfAbsent(value, item.path().key(key));
        if (first != null) {
            item.refuse(key, "is " + JsonValues.shown(text) + ", which " + first + " has already");
        }
    }
}
