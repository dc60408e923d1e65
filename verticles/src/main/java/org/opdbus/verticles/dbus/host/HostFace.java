// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.host;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.opdbus.events.Link;
import org.opdbus.verticles.dbus.host.AliasObjects.Alias;
import org.opdbus.verticles.dbus.host.BridgeObjects.KnownBridge;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.ChangeSignals;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.ObjectTree.Managed;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.LiveInventory;

/** What is served under {@code org.system.introspection}. */
public final class HostFace implements Face {
    /** The bus name, with which the names of the interfaces begin. */
    public static final String NAME = "org.system.introspection";

    private static final InterfaceSpec<LiveInventory> ROOT = InterfaceSpec.<LiveInventory>named(NAME + ".Root")
            .method(MethodSpec.named("ListBridges", "list_bridges")
                    .out("bridges", "as")
                    .does((host, call) -> Single.just(List.of(List.copyOf(BridgeObjects.names(host.current()))))))
            .method(MethodSpec.named("ListInterfaces", "list_interfaces")
                    .out("interfaces", "as")
                    .does((host, call) -> Single.just(List.of(host.current().links().values().stream()
                            .map(link -> link.name().value())
                            .sorted()
                            .toList()))))
            .method(MethodSpec.named("ListAliases", "list_aliases")
                    .out("aliases", "as")
                    .does((host, call) -> Single.just(List.of(host.current().links().values().stream()
                            .flatMap(link -> link.altNames().stream())
                            .sorted()
                            .toList()))))
            .build();

    private final LiveInventory inventory;
    private final Scheduler loop;
    private final BridgeObjects bridges;
    private final LinkObjects links;
    private final AliasObjects aliases;

    /**
     * Creates the face.
     *
     * @param loop the event loop of the connection
     * @param files where asking the kernel may wait
     */
    public HostFace(LiveInventory inventory, Scheduler loop, Scheduler files) {
        this.inventory = inventory;
        this.loop = loop;
        bridges = new BridgeObjects(inventory);
        links = new LinkObjects(inventory, new LinkAddresses(files)::of);
        aliases = new AliasObjects(inventory);
    }

    @Override
    public String busName() {
        return NAME;
    }

    @Override
    public List<ObjectSource> alone() {
        return List.of(ObjectSource.of(ServedObject.of(ObjectPath.ROOT, ROOT, inventory)));
    }

    @Override
    public Optional<Managed> managed() {
        return Optional.of(new Managed(ObjectPath.ROOT, List.of(bridges, links, aliases)));
    }

    /** Returns the interfaces, for their documents. */
    public List<InterfaceSpec<?>> interfaces() {
        return List.of(ROOT, BridgeObjects.SPEC, links.spec(), AliasObjects.SPEC);
    }

    @Override
    public Disposable tell(BusSession session) {
        ChangeSignals signals = new ChangeSignals(session, loop);
        return new CompositeDisposable(
                signals, inventory.changesSince(inventory.current(), loop).subscribe(change -> tell(change, signals)));
    }

    private void tell(InventoryChange change, ChangeSignals signals) {
        Set<String> touched = BridgeObjects.changed(change);
        if (!touched.isEmpty()) {
            Map<String, KnownBridge> before = BridgeObjects.bridges(change.before(), touched);
            Map<String, KnownBridge> after = BridgeObjects.bridges(change.after(), touched);
            tell(signals, before, after, BridgeObjects::object);
        }
        // By name, because a name can go from one link to another.
        Map<String, Link> linksBefore = new HashMap<>();
        Map<String, Link> linksAfter = new HashMap<>();
        change.links().forEach(index -> {
            change.before()
                    .links()
                    .get(index)
                    .ifPresent(link -> linksBefore.put(link.name().value(), link));
            change.after()
                    .links()
                    .get(index)
                    .ifPresent(link -> linksAfter.put(link.name().value(), link));
        });
        tell(signals, linksBefore, linksAfter, links::object);
        tell(signals, aliases(linksBefore), aliases(linksAfter), AliasObjects::object);
    }

    private static Map<String, Alias> aliases(Map<String, Link> of) {
        Map<String, Alias> aliases = new HashMap<>();
        of.values().stream().flatMap(AliasObjects::aliases).forEach(alias -> aliases.put(alias.name(), alias));
        return aliases;
    }

    private static <T> void tell(
            ChangeSignals signals, Map<String, T> before, Map<String, T> after, Function<T, ServedObject> object) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.forEach(name -> signals.changed(
                ObjectPath.ROOT,
                Optional.ofNullable(before.get(name)).map(object),
                Optional.ofNullable(after.get(name)).map(object)));
    }
}
