// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.opdbus.agent.wiring.labs.LabRequests;
import org.opdbus.agent.wiring.workloads.WorkloadPlugin;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.StateWriter;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.inventory.json.ContainerJson;
import org.opdbus.verticles.state.ContainerState;
import org.opdbus.verticles.state.HostObserver;
import org.opdbus.verticles.state.HostObserver.Seen;
import org.opdbus.verticles.state.policy.StatePolicy;

/** Answers questions about this host, in the words of the contract. */
final class Answers {
    static final String PLUGIN = "lxc";

    private final Supplier<Single<Inventory>> inventory;
    private final HostObserver observer;
    private final Function<Inventory, Seen> live;
    private final StatePolicy policy;

    /**
     * Answers from this inventory and from what is configured.
     *
     * @param live what the inventory says of containers, in the words of the desired state
     */
    Answers(
            Supplier<Single<Inventory>> inventory,
            HostObserver observer,
            Function<Inventory, Seen> live,
            StatePolicy policy) {
        this.inventory = inventory;
        this.observer = observer;
        this.live = live;
        this.policy = policy;
    }

    /** Returns the state of all plugins but labs, or the bare state of one; fails if there is no such plugin. */
    Single<JsonObject> query(Optional<String> plugin) {
        if (plugin.isPresent() && !plugin.get().equals(PLUGIN)) {
            return WorkloadPlugin.named(plugin.get())
                    .map(other -> inventory.get().map(other::state))
                    .orElseGet(() -> Single.error(noPlugin(plugin.get())));
        }
        return inventory
                .get()
                .flatMap(now -> lxc(now).map(list -> new JsonObject().put("containers", list))
                        .map(state -> plugin.isPresent() ? state : plugins(state, now)));
    }

    private static IllegalArgumentException noPlugin(String name) {
        List<String> names = new ArrayList<>(List.of(PLUGIN));
        WorkloadPlugin.ALL.forEach(plugin -> names.add(plugin.name()));
        return new IllegalArgumentException("there is no plugin \"" + name + "\"; there are \""
                + String.join("\", \"", names) + "\" and \"" + LabRequests.PLUGIN + "\"");
    }

    /** A plugin other than LXC is shown if this host has workloads of it. */
    private static JsonObject plugins(JsonObject lxc, Inventory now) {
        JsonObject plugins = new JsonObject().put(PLUGIN, lxc);
        WorkloadPlugin.ALL.stream()
                .filter(plugin -> plugin.isOn(now))
                .forEach(plugin -> plugins.put(plugin.name(), plugin.state(now)));
        return new JsonObject().put("plugins", plugins);
    }

    /**
     * Returns the containers of this host in the form of a state file, and the entries of other workloads that are in force: applied
     * to this host, that file changes nothing.
     */
    Single<String> stateFile() {
        return inventory
                .get()
                .flatMap(now -> observer.observe(live.apply(now)))
                .map(there -> StateWriter.write(DesiredState.of(Stream.concat(
                                there.stream().map(this::withWantedMesh).map(Answers::entry),
                                policy.attachments().stream())
                        .toList())));
    }

    /** Returns the same container with its wanted network type; {@code mesh} says whether it is in its mesh yet. */
    private ContainerState withWantedMesh(ContainerState there) {
        if (policy.meshFor(there.id()).isEmpty()) {
            return there;
        }
        Map<String, Object> properties = new TreeMap<>(there.properties());
        properties.put("network_type", "netmaker");
        return new ContainerState(there.id(), there.veth(), there.bridge(), there.running(), properties);
    }

    private static DesiredContainer entry(ContainerState there) {
        return new DesiredContainer(
                there.id(),
                there.veth().filter(LinkName::isValid).map(LinkName::new),
                there.bridge(),
                Optional.of(there.running()),
                properties(there));
    }

    /** Leaves out what a state file cannot express, such as an unknown setting of Proxmox. */
    private static ContainerProperties properties(ContainerState there) {
        Map<String, Object> sayable = new TreeMap<>();
        Map<String, Object> all = new TreeMap<>(there.properties());
        if (there.bridge().filter(String::isEmpty).isPresent()) {
            all.remove("vlan");
        }
        all.forEach((key, value) -> {
            Map<String, Object> one = new TreeMap<>(sayable);
            one.put(key, value);
            if (isSayable(one) || key.equals("gateway")) {
                sayable.put(key, value);
            }
        });
        if (!isSayable(sayable)) {
            sayable.remove("gateway");
        }
        return ContainerProperties.of(sayable);
    }

    private static boolean isSayable(Map<String, Object> properties) {
        try {
            ContainerProperties.of(properties);
            return true;
        } catch (IllegalArgumentException unsayable) {
            return false;
        }
    }

    /** Returns every container and virtual machine of this host, those of LXC first, in the form of {@code query}. */
    Single<JsonArray> containers() {
        return inventory
                .get()
                .flatMap(now -> lxc(now).map(containers -> {
                    WorkloadPlugin.ALL.forEach(
                            plugin -> containers.addAll(plugin.state(now).getJsonArray(plugin.list())));
                    return containers;
                }));
    }

    /** Returns the containers of LXC, by id. */
    private Single<JsonArray> lxc(Inventory now) {
        return observer.observe(live.apply(now)).map(observed -> {
            JsonArray containers = new JsonArray();
            observed.stream()
                    .filter(state -> state.id().kind() == Kind.LXC)
                    .sorted(Comparator.comparing(ContainerState::id))
                    .forEach(state -> containers.add(
                            container(withWantedMesh(state), now.containers().get(state.id()))));
            return containers;
        });
    }

    private JsonObject container(ContainerState state, Optional<KnownContainer> known) {
        WantedContainer wanted =
                known.map(KnownContainer::wanted).orElseGet(() -> InventoryFeeds.wanted(policy, state.id()));
        JsonObject json = new JsonObject()
                .put("id", state.id().value())
                // By its own name, which its port has too; "links" shows our alternative name, if it has one.
                .put("veth", known.map(KnownContainer::veth).or(wanted::veth).orElse(""))
                .put("bridge", state.bridge().or(wanted::bridge).orElse(""))
                .put("running", state.running())
                .put("properties", new JsonObject(new LinkedHashMap<>(state.properties())));
        known.ifPresentOrElse(
                container -> ContainerJson.putState(container, json),
                () -> json.put("state", "stopped").put("reason", "").put("links", new JsonArray()));
        known.map(container -> ContainerJson.mesh(container.mesh()))
                .filter(mesh -> !mesh.isEmpty())
                .ifPresent(mesh -> json.put("mesh", mesh));
        return json;
    }
}
