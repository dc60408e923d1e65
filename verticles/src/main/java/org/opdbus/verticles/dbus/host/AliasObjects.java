// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.host;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.events.Link;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.inventory.LiveInventory;

/** One object for each alternative name of a link. */
final class AliasObjects implements ObjectSource {
    static final ObjectPath FOLDER = new ObjectPath("/aliases");
    static final InterfaceSpec<Alias> SPEC = InterfaceSpec.<Alias>named(HostFace.NAME + ".Alias")
            .method(MethodSpec.named("Target", "target")
                    .out("target", "s")
                    .does((alias, call) -> Single.just(List.of(alias.target()))))
            .property("Target", "s", Alias::target)
            .build();

    private final LiveInventory inventory;

    /**
     * An alternative name.
     *
     * @param target the name of the link that has it
     */
    record Alias(String name, String target) {}

    AliasObjects(LiveInventory inventory) {
        this.inventory = inventory;
    }

    static ServedObject object(Alias alias) {
        return ServedObject.of(FOLDER.child(alias.name()), SPEC, alias);
    }

    static Stream<Alias> aliases(Link link) {
        return link.altNames().stream().map(name -> new Alias(name, link.name().value()));
    }

    @Override
    public Optional<ServedObject> at(ObjectPath path) {
        return path.textBelow(FOLDER)
                .flatMap(name -> inventory.current().links().values().stream()
                        .filter(link -> link.altNames().contains(name))
                        .map(link -> new Alias(name, link.name().value()))
                        .findFirst())
                .map(AliasObjects::object);
    }

    @Override
    public Stream<ServedObject> all() {
        return inventory.current().links().values().stream()
                .flatMap(AliasObjects::aliases)
                .map(AliasObjects::object);
    }
}
