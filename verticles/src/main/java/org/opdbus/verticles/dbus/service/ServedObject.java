// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;

/** An object with its interfaces; the standard ones, which every object has, are not among them. */
public record ServedObject(ObjectPath path, List<Served<?>> interfaces) {
    /** Copies the list. */
    public ServedObject {
        interfaces = List.copyOf(interfaces);
    }

    /** Creates an object with one interface. */
    public static <T> ServedObject of(ObjectPath path, InterfaceSpec<T> spec, T subject) {
        return new ServedObject(path, List.of(new Served<>(spec, subject)));
    }

    Optional<Served<?>> served(String name) {
        return interfaces.stream()
                .filter(each -> each.spec().name().equals(name))
                .findFirst();
    }

    /** Returns the values of the properties, by interface. */
    public Map<String, Map<String, Variant>> values() {
        Map<String, Map<String, Variant>> values = new LinkedHashMap<>();
        interfaces.forEach(each -> values.put(each.spec().name(), each.values()));
        return values;
    }
}
