// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.LiveInventory;

/** One object for each container and virtual machine: {@code org.opdbus.Container1}. */
final class ContainerObject implements ObjectSource {
    private static final ObjectPath FOLDER = new ObjectPath("/org/opdbus/container");

    private final LiveInventory inventory;
    private final InterfaceSpec<KnownContainer> spec;

    ContainerObject(LiveInventory inventory, HostWork work) {
        this.inventory = inventory;
        spec = InterfaceSpec.<KnownContainer>named("org.opdbus.Container1")
                .method(change("Start", work::start))
                .method(change("Stop", work::stop))
                .method(change("Destroy", work::destroy))
                .property("Id", "s", Emits.CONST, container -> container.id().value())
                .property("Veth", "s", KnownContainer::veth)
                .property("Bridge", "s", KnownContainer::bridge)
                .property("Running", "b", container -> container.status().running())
                .property("State", "s", KnownContainer::state)
                .property("Reason", "s", KnownContainer::reason)
                .property("Links", "a(sussu)", ContainerObject::links)
                .property("Properties", "a{ss}", container -> container.wantedProperties())
                .property("Since", "t", container -> ChronoUnit.MICROS.between(Instant.EPOCH, container.since()))
                .property(
                        "Kind",
                        "s",
                        Emits.CONST,
                        container -> container.kind().name().toLowerCase(Locale.ROOT))
                .property("Name", "s", KnownContainer::name)
                .build();
    }

    private static MethodSpec<KnownContainer> change(String name, Function<ContainerId, Completable> work) {
        MethodSpec<KnownContainer> method = MethodSpec.named(name)
                .needs(Access.CHANGE)
                .does((container, call) -> work.apply(container.id()).andThen(Single.just(List.of())));
        return method.changing(container -> container.id().value());
    }

    /** The name, the index, the bridge, the VLAN and the OpenFlow number of each link. */
    private static List<List<Object>> links(KnownContainer container) {
        return container.status().links().stream().map(ContainerObject::link).toList();
    }

    private static List<Object> link(LinkStatus link) {
        return List.of(
                link.name(),
                (long) link.index(),
                link.bridge().orElse(""),
                link.vlan().map(String::valueOf).orElse(""),
                (long) link.ofport());
    }

    InterfaceSpec<KnownContainer> spec() {
        return spec;
    }

    static ObjectPath path(ContainerId container) {
        return FOLDER.child(container.value());
    }

    ServedObject object(KnownContainer container) {
        return ServedObject.of(path(container.id()), spec, container);
    }

    @Override
    public Optional<ServedObject> at(ObjectPath path) {
        return path.textBelow(FOLDER)
                .filter(ContainerId::isValid)
                .flatMap(id -> inventory.current().containers().get(new ContainerId(id)))
                .map(this::object);
    }

    @Override
    public Stream<ServedObject> all() {
        return inventory.current().containersById().stream().map(this::object);
    }
}
