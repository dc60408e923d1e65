// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.StateWriter;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.nonnet.ContainerRow;
import org.opdbus.verticles.state.ContainerState;
import org.opdbus.verticles.state.HostObserver;
import org.opdbus.verticles.state.MeshWork;

/** Answers questions about this host, in the words of the contract. */
final class Answers {
    static final String PLUGIN = "lxc";

    private final Supplier<Single<List<ContainerStatus>>> statuses;
    private final HostObserver observer;
    private final MeshWork mesh;
    private final StatePolicy policy;

    Answers(
            Supplier<Single<List<ContainerStatus>>> statuses,
            HostObserver observer,
            MeshWork mesh,
            StatePolicy policy) {
        this.statuses = statuses;
        this.observer = observer;
        this.mesh = mesh;
        this.policy = policy;
    }

    /** Returns the state of all plugins, or the bare state of one; fails if there is no such plugin. */
    Single<JsonObject> query(Optional<String> plugin) {
        if (plugin.isPresent() && !plugin.get().equals(PLUGIN)) {
            return Single.error(new IllegalArgumentException(
                    "there is no plugin \"" + plugin.get() + "\"; there is \"" + PLUGIN + "\""));
        }
        Single<JsonObject> state = containers().map(list -> new JsonObject().put("containers", list));
        return plugin.isPresent()
                ? state
                : state.map(lxc -> new JsonObject().put("plugins", new JsonObject().put(PLUGIN, lxc)));
    }

    /**
     * Returns the containers of this host in the form of a state file: applied to this host, that file changes
     * nothing.
     */
    Single<String> stateFile() {
        return observer.observe()
                .map(there -> StateWriter.write(DesiredState.of(there.stream()
                        .map(this::withWantedMesh)
                        .map(Answers::entry)
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

    /** Returns every container of this host, in the form of {@code query}. */
    Single<JsonArray> containers() {
        return Single.zip(
                observer.observe(), statuses.get(), meshes(), mesh.leftBehind(), (observed, standing, meshes, left) -> {
                    Map<ContainerId, ContainerStatus> byId = new TreeMap<>();
                    standing.forEach(status -> byId.put(status.id(), status));
                    Map<ContainerId, JsonObject> containers = new TreeMap<>();
                    observed.forEach(state -> containers.put(
                            state.id(),
                            withLeftBehind(
                                    container(
                                            withWantedMesh(state),
                                            Optional.ofNullable(byId.get(state.id())),
                                            Optional.ofNullable(meshes.get(state.id()))),
                                    left.getOrDefault(state.id(), List.of()))));
                    return new JsonArray(new ArrayList<>(containers.values()));
                });
    }

    /** A host that the container was before and that is still on its server is shown until it is gone. */
    private static JsonObject withLeftBehind(JsonObject container, List<String> hosts) {
        if (!hosts.isEmpty()) {
            JsonObject mesh = container.getJsonObject("mesh", new JsonObject());
            container.put("mesh", mesh.put("leftBehind", new JsonArray(new ArrayList<>(hosts))));
        }
        return container;
    }

    private Single<Map<ContainerId, MeshStanding>> meshes() {
        return mesh.standings().map(all -> {
            Map<ContainerId, MeshStanding> byId = new TreeMap<>();
            all.forEach(standing -> byId.put(standing.id(), standing));
            return byId;
        });
    }

    private JsonObject container(
            ContainerState state, Optional<ContainerStatus> status, Optional<MeshStanding> member) {
        Optional<DesiredContainer> entry = policy.entry(state.id());
        JsonArray links = new JsonArray();
        status.ifPresent(known -> known.links().forEach(link -> links.add(link(link))));
        JsonObject json = new JsonObject()
                .put("id", state.id().value())
                .put(
                        "veth",
                        // By its own name, which its port has too; {@code links} shows our
                        // alternative name, if it has one.
                        status.flatMap(known -> known.links().stream().findFirst())
                                .map(LinkStatus::name)
                                .or(() -> entry.flatMap(DesiredContainer::veth).map(LinkName::value))
                                .orElse(""))
                .put(
                        "bridge",
                        state.bridge()
                                .or(() -> entry.flatMap(DesiredContainer::bridge))
                                .orElse(""))
                .put("running", state.running())
                .put("properties", new JsonObject(new LinkedHashMap<>(state.properties())))
                .put("state", status.map(known -> word(known, member)).orElse("stopped"))
                .put("reason", status.map(known -> why(known, member)).orElse(""))
                .put("links", links);
        member.ifPresent(standing -> json.put(
                "mesh",
                new JsonObject()
                        .put("phase", standing.phase())
                        .put("network", standing.network())
                        .put("address", standing.address())
                        .put("reason", standing.why())
                        .put("remedy", standing.remedy())));
        return json;
    }

    private static JsonObject link(LinkStatus link) {
        JsonObject json = new JsonObject().put("name", link.name()).put("index", link.index());
        if (!link.altNames().isEmpty()) {
            json.put("altNames", new JsonArray(new ArrayList<>(link.altNames())));
        }
        link.bridge().ifPresent(bridge -> json.put("bridge", bridge));
        link.vlan().ifPresent(vlan -> json.put("vlan", vlan));
        return json.put("ofport", link.ofport());
    }

    /** Returns the same for the read-only database, from memory only, because it is requested at every change. */
    Single<List<ContainerRow>> rows() {
        return Single.zip(
                statuses.get(),
                meshes(),
                (all, meshes) -> all.stream()
                        .map(status -> row(status, Optional.ofNullable(meshes.get(status.id()))))
                        .toList());
    }

    /** Returns how many of these containers have each status. */
    static Map<String, Integer> counts(List<ContainerStatus> all) {
        Map<String, Integer> counts = new TreeMap<>();
        for (ContainerPhase standing : ContainerPhase.values()) {
            counts.put(word(standing), 0);
        }
        all.forEach(status -> counts.merge(word(status.standing()), 1, Integer::sum));
        return counts;
    }

    private ContainerRow row(ContainerStatus status, Optional<MeshStanding> member) {
        Optional<LinkStatus> first = status.links().stream().findFirst();
        Optional<DesiredContainer> entry = policy.entry(status.id());
        Map<String, String> properties = new LinkedHashMap<>(Map.of("network_type", "bridge"));
        entry.ifPresent(
                wanted -> wanted.properties().toMap().forEach((key, value) -> properties.put(key, value.toString())));
        first.flatMap(LinkStatus::vlan).ifPresent(vlan -> properties.put("vlan", vlan.toString()));
        if (policy.meshFor(status.id()).isPresent()) {
            properties.put("network_type", "netmaker");
        }
        member.ifPresent(standing -> {
            properties.put("mesh_phase", standing.phase());
            properties.put("mesh_network", standing.network());
            properties.put("mesh_address", standing.address());
        });
        return new ContainerRow(
                status.id().value(),
                first.map(LinkStatus::name)
                        .or(() -> entry.flatMap(DesiredContainer::veth).map(LinkName::value))
                        .orElse(""),
                first.map(link -> link.bridge().orElse(""))
                        .or(() -> entry.flatMap(DesiredContainer::bridge))
                        .orElse(""),
                status.running(),
                properties,
                word(status, member),
                Optional.of(why(status, member)).filter(why -> !why.isEmpty()));
    }

    /** For a container that must be in a mesh, its status there counts as well. */
    private static String word(ContainerStatus status, Optional<MeshStanding> member) {
        return status.standing() == ContainerPhase.ENROLLED
                ? member.filter(standing -> !standing.phase().equals("joined"))
                        .map(MeshStanding::phase)
                        .orElseGet(() -> word(status.standing()))
                : word(status.standing());
    }

    private static String why(ContainerStatus status, Optional<MeshStanding> member) {
        return status.why().isEmpty() ? member.map(MeshStanding::why).orElse("") : status.why();
    }

    private static String word(ContainerPhase standing) {
        return standing.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
