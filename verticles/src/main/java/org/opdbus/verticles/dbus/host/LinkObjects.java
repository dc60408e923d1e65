// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.host;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.opdbus.events.Link;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.inventory.LiveInventory;

/** One object for each link of the host's network namespace, under the link's name. */
final class LinkObjects implements ObjectSource {
    static final ObjectPath FOLDER = new ObjectPath("/network/interfaces");

    private final LiveInventory inventory;
    private final InterfaceSpec<Link> spec;

    /**
     * Creates the source.
     *
     * @param address reads the address of a link; the inventory has none
     */
    LinkObjects(LiveInventory inventory, Function<Link, Single<String>> address) {
        this.inventory = inventory;
        spec = InterfaceSpec.<Link>named(HostFace.NAME + ".Interface")
                .method(MethodSpec.named("Name", "name")
                        .out("name", "s")
                        .does((link, call) -> Single.just(List.of(link.name().value()))))
                .method(MethodSpec.named("IpAddress", "ip_address")
                        .out("address", "s")
                        .does((link, call) -> address.apply(link).map(List::<Object>of)))
                .method(MethodSpec.named("State", "state")
                        .out("state", "s")
                        .does((link, call) -> Single.just(List.of(state(link)))))
                .property("Name", "s", Emits.CONST, link -> link.name().value())
                .property("State", "s", LinkObjects::state)
                .property("Index", "u", link -> (long) link.index())
                .property("Kind", "s", Link::kind)
                .property("Aliases", "as", Link::altNames)
                .build();
    }

    InterfaceSpec<Link> spec() {
        return spec;
    }

    ServedObject object(Link link) {
        return ServedObject.of(FOLDER.child(link.name().value()), spec, link);
    }

    /** A link without carrier is down for its users, even if it is administratively up. */
    private static String state(Link link) {
        return link.up() && link.carrier() ? "up" : "down";
    }

    @Override
    public Optional<ServedObject> at(ObjectPath path) {
        return path.textBelow(FOLDER)
                .flatMap(name -> inventory.current().links().values().stream()
                        .filter(link -> link.name().value().equals(name))
                        .findFirst())
                .map(this::object);
    }

    @Override
    public Stream<ServedObject> all() {
        return inventory.current().links().values().stream().map(this::object);
    }
}
