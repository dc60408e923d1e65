// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.host;

import io.reactivex.rxjava3.core.Single;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.LiveInventory;

/** One object for each bridge of Open vSwitch, and for each bridge of the kernel. */
final class BridgeObjects implements ObjectSource {
    static final ObjectPath FOLDER = new ObjectPath("/network/bridges");
    static final InterfaceSpec<KnownBridge> SPEC = InterfaceSpec.<KnownBridge>named(HostFace.NAME + ".Bridge")
            .method(MethodSpec.named("Name", "name")
                    .out("name", "s")
                    .does((bridge, call) -> Single.just(List.of(bridge.name()))))
            .method(MethodSpec.named("Backend", "backend")
                    .out("backend", "s")
                    .does((bridge, call) -> Single.just(List.of(bridge.backend()))))
            .method(MethodSpec.named("Ports", "ports")
                    .out("ports", "as")
                    .does((bridge, call) -> Single.just(List.of(bridge.ports()))))
            .property("Name", "s", Emits.CONST, KnownBridge::name)
            .property("Backend", "s", KnownBridge::backend)
            .property("Ports", "as", KnownBridge::ports)
            .build();

    private static final String OPEN_VSWITCH = "openvswitch";
    private static final String KERNEL = "linux";
    private static final String KERNEL_KIND = "bridge";

    private final LiveInventory inventory;

    /**
     * A bridge.
     *
     * @param backend {@value #OPEN_VSWITCH} or {@value #KERNEL}
     * @param ports the names of its ports, sorted, without its own
     */
    record KnownBridge(String name, String backend, List<String> ports) {}

    BridgeObjects(LiveInventory inventory) {
        this.inventory = inventory;
    }

    static ServedObject object(KnownBridge bridge) {
        return ServedObject.of(FOLDER.child(bridge.name()), SPEC, bridge);
    }

    /** Returns the bridges of these names that there are; the cost is that of all links and ports once. */
    static Map<String, KnownBridge> bridges(Inventory now, Set<String> names) {
        Map<String, List<String>> ports = new HashMap<>();
        names.stream()
                .filter(name -> now.bridges().get(name).isPresent())
                .forEach(name -> ports.put(name, new ArrayList<>()));
        Map<Integer, String> kernels = new HashMap<>();
        for (Link link : now.links().values()) {
            String name = link.name().value();
            if (link.kind().equals(KERNEL_KIND) && names.contains(name) && !ports.containsKey(name)) {
                kernels.put(link.index(), name);
            }
        }
        kernels.values().forEach(name -> ports.put(name, new ArrayList<>()));
        now.ports().values().forEach(port -> add(ports, port.bridge(), port.name()));
        if (!kernels.isEmpty()) {
            now.links()
                    .values()
                    .forEach(link -> add(
                            ports,
                            kernels.getOrDefault(link.master(), ""),
                            link.name().value()));
        }
        Map<String, KnownBridge> bridges = new HashMap<>();
        ports.forEach((name, members) -> bridges.put(
                name,
                new KnownBridge(
                        name,
                        kernels.containsValue(name) ? KERNEL : OPEN_VSWITCH,
                        members.stream().sorted().toList())));
        return bridges;
    }

    private static void add(Map<String, List<String>> ports, String bridge, String port) {
        List<String> members = ports.get(bridge);
        if (members != null && !port.equals(bridge)) {
            members.add(port);
        }
    }

    /** Returns the names of all bridges, sorted. */
    static Set<String> names(Inventory now) {
        Set<String> names = new TreeSet<>(now.bridges().keys());
        now.links().values().stream()
                .filter(link -> link.kind().equals(KERNEL_KIND))
                .forEach(link -> names.add(link.name().value()));
        return names;
    }

    /** Returns the names of the bridges that a change is about, whether they exist or not. */
    static Set<String> changed(InventoryChange change) {
        Set<String> names = new TreeSet<>(change.bridges());
        for (Inventory at : List.of(change.before(), change.after())) {
            change.ports()
                    .forEach(uuid -> at.ports().get(uuid).map(Port::bridge).ifPresent(names::add));
            change.links()
                    .forEach(index -> at.links().get(index).ifPresent(link -> {
                        if (link.kind().equals(KERNEL_KIND)) {
                            names.add(link.name().value());
                        }
                        at.links()
                                .get(link.master())
                                .ifPresent(master -> names.add(master.name().value()));
                    }));
        }
        return names;
    }

    @Override
    public Optional<ServedObject> at(ObjectPath path) {
        return path.textBelow(FOLDER)
                .flatMap(name -> Optional.ofNullable(
                        bridges(inventory.current(), Set.of(name)).get(name)))
                .map(BridgeObjects::object);
    }

    @Override
    public Stream<ServedObject> all() {
        Inventory now = inventory.current();
        Map<String, KnownBridge> bridges = bridges(now, names(now));
        return bridges.keySet().stream().sorted().map(bridges::get).map(BridgeObjects::object);
    }
}
