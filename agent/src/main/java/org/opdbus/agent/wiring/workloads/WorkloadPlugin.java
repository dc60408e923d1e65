// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.workloads;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.json.ContainerJson;

/**
 * A plugin of {@code query} whose workloads are made by another program than LXC.
 *
 * @param kind the kind of its workloads
 * @param name its name in {@code query} and in a state file
 * @param list the key of its list there
 */
public record WorkloadPlugin(Kind kind, String name, String list) {
    /** Every such plugin. */
    public static final List<WorkloadPlugin> ALL = List.of(
            new WorkloadPlugin(Kind.DOCKER, "docker", "containers"),
            new WorkloadPlugin(Kind.PODMAN, "podman", "containers"),
            new WorkloadPlugin(Kind.VM, "vm", "machines"));

    /** Returns the plugin of this name; empty if none of these has it. */
    public static Optional<WorkloadPlugin> named(String name) {
        return ALL.stream().filter(plugin -> plugin.name.equals(name)).findFirst();
    }

    /** Returns whether the host has workloads of this plugin. */
    public boolean isOn(Inventory now) {
        return now.containers().values().stream().anyMatch(this::isMine);
    }

    /** Returns the state of the plugin: its workloads, by id. */
    public JsonObject state(Inventory now) {
        JsonArray all = new JsonArray();
        now.containersById().stream()
                .filter(this::isMine)
                .map(ContainerJson::of)
                .forEach(all::add);
        return new JsonObject().put(list, all);
    }

    private boolean isMine(KnownContainer container) {
        return container.kind() == kind;
    }
}
