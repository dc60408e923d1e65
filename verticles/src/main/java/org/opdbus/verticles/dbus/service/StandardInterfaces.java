// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/** The interfaces that every object has (section "Standard Interfaces"). The objects that they are called on are the subjects. */
final class StandardInterfaces {
    static final String PEER = "org.freedesktop.DBus.Peer";
    static final String INTROSPECTABLE = "org.freedesktop.DBus.Introspectable";
    static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    static final String OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager";

    private static final Path MACHINE_ID = Path.of("/etc/machine-id");

    private final ObjectTree tree;
    private final CallerRights rights;
    private final InterfaceSpec<ServedObject> peer = peer();
    private final InterfaceSpec<ServedObject> introspectable = introspectable();
    private final InterfaceSpec<ServedObject> properties = properties();
    private final InterfaceSpec<ServedObject> manager = manager();

    StandardInterfaces(ObjectTree tree, CallerRights rights) {
        this.tree = tree;
        this.rights = rights;
    }

    /** Returns the interfaces of an object, the standard ones first. */
    List<Served<?>> of(ServedObject object) {
        List<Served<?>> all = new ArrayList<>();
        all.add(new Served<>(peer, object));
        all.add(new Served<>(introspectable, object));
        all.add(new Served<>(properties, object));
        if (tree.isManager(object.path())) {
            all.add(new Served<>(manager, object));
        }
        all.addAll(object.interfaces());
        return all;
    }

    private InterfaceSpec<ServedObject> peer() {
        return InterfaceSpec.<ServedObject>named(PEER)
                .method(MethodSpec.named("Ping").needs(Access.OPEN).does((object, call) -> Single.just(List.of())))
                .method(MethodSpec.named("GetMachineId")
                        .out("machine_uuid", "s")
                        .needs(Access.OPEN)
                        .does((object, call) -> machineId()))
                .build();
    }

    private static Single<List<Object>> machineId() {
        return Single.fromCallable(() -> List.<Object>of(
                        Files.readString(MACHINE_ID, StandardCharsets.US_ASCII).strip()))
                .subscribeOn(Schedulers.io());
    }

    private InterfaceSpec<ServedObject> introspectable() {
        return InterfaceSpec.<ServedObject>named(INTROSPECTABLE)
                .method(MethodSpec.named("Introspect")
                        .out("xml_data", "s")
                        .needs(Access.OPEN)
                        .does(this::introspect))
                .build();
    }

    /** The names of containers and links are for those who may read. */
    private Single<List<Object>> introspect(ServedObject object, Call call) {
        return rights.mayRead(call.caller().busName())
                .map(mayRead -> List.of(IntrospectionXml.of(of(object), tree.children(object.path(), !mayRead))));
    }

    private InterfaceSpec<ServedObject> properties() {
        return InterfaceSpec.<ServedObject>named(PROPERTIES)
                .method(MethodSpec.named("Get")
                        .in("interface_name", "s")
                        .in("property_name", "s")
                        .out("value", "v")
                        .does((object, call) -> Single.just(List.of(served(object, call.text(0))
                                .value(call.text(1))
                                .orElseThrow(StandardInterfaces::unknownProperty)))))
                .method(MethodSpec.named("GetAll")
                        .in("interface_name", "s")
                        .out("properties", "a{sv}")
                        .does((object, call) -> Single.just(List.of(
                                call.text(0).isEmpty()
                                        ? all(object)
                                        : served(object, call.text(0)).values()))))
                .method(MethodSpec.named("Set")
                        .in("interface_name", "s")
                        .in("property_name", "s")
                        .in("value", "v")
                        .does((object, call) -> {
                            throw served(object, call.text(0))
                                            .value(call.text(1))
                                            .isPresent()
                                    ? BusErrorException.standard("PropertyReadOnly", "the property can only be read")
                                    : unknownProperty();
                        }))
                .signal(
                        "PropertiesChanged",
                        new Argument("interface_name", "s"),
                        new Argument("changed_properties", "a{sv}"),
                        new Argument("invalidated_properties", "as"))
                .build();
    }

    private static Map<String, Object> all(ServedObject object) {
        Map<String, Object> all = new LinkedHashMap<>();
        object.interfaces().forEach(each -> all.putAll(each.values()));
        return all;
    }

    private Served<?> served(ServedObject object, String name) {
        return of(object).stream()
                .filter(each -> each.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> BusErrorException.standard(
                        "UnknownInterface", "object " + object.path() + " has no interface of this name"));
    }

    private static BusErrorException unknownProperty() {
        return BusErrorException.standard("UnknownProperty", "the interface has no property of this name");
    }

    private InterfaceSpec<ServedObject> manager() {
        return InterfaceSpec.<ServedObject>named(OBJECT_MANAGER)
                .method(MethodSpec.named("GetManagedObjects")
                        .out("objects", "a{oa{sa{sv}}}")
                        .does((object, call) -> Single.just(List.of(managed(object.path())))))
                .signal(
                        "InterfacesAdded",
                        new Argument("object_path", "o"),
                        new Argument("interfaces_and_properties", "a{sa{sv}}"))
                .signal("InterfacesRemoved", new Argument("object_path", "o"), new Argument("interfaces", "as"))
                .build();
    }

    private Map<ObjectPath, Object> managed(ObjectPath root) {
        Map<ObjectPath, Object> objects = new LinkedHashMap<>();
        tree.managedBy(root).forEach(object -> objects.put(object.path(), object.values()));
        return objects;
    }
}
