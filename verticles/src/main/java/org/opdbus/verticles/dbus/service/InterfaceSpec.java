// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * An interface: what programs can call, read and hear. One description serves every object that has the interface.
 *
 * @param <T> what an object with this interface shows
 */
public final class InterfaceSpec<T> {
    private final String name;
    private final List<MethodSpec<T>> methods;
    private final List<PropertySpec<T>> properties;
    private final List<SignalSpec> signals;
    private final Map<String, MethodSpec<T>> methodsByName = new HashMap<>();

    private InterfaceSpec(Draft<T> draft) {
        name = draft.name;
        methods = List.copyOf(draft.methods);
        properties = List.copyOf(draft.properties);
        signals = List.copyOf(draft.signals);
        methods.forEach(method -> {
            methodsByName.put(method.name(), method);
            method.otherNames().forEach(other -> methodsByName.put(other, method));
        });
    }

    /** Begins the description of an interface. */
    public static <T> Draft<T> named(String name) {
        return new Draft<>(name);
    }

    /** Returns the name, such as {@code org.opdbus.Container1}. */
    public String name() {
        return name;
    }

    /** Returns the methods in the order of their description. */
    public List<MethodSpec<T>> methods() {
        return methods;
    }

    /** Returns the properties in the order of their description. */
    public List<PropertySpec<T>> properties() {
        return properties;
    }

    /** Returns the signals in the order of their description. */
    public List<SignalSpec> signals() {
        return signals;
    }

    Optional<MethodSpec<T>> method(String member) {
        return Optional.ofNullable(methodsByName.get(member));
    }

    /** Returns the values of all properties, by name. */
    public Map<String, Variant> values(T subject) {
        Map<String, Variant> values = new LinkedHashMap<>();
        properties.forEach(property -> values.put(property.name(), value(property, subject)));
        return values;
    }

    Optional<Variant> value(String property, T subject) {
        return properties.stream()
                .filter(each -> each.name().equals(property))
                .findFirst()
                .map(found -> value(found, subject));
    }

    private static <T> Variant value(PropertySpec<T> property, T subject) {
        return new Variant(property.type(), property.value().apply(subject));
    }

    /** A description that is not complete. */
    public static final class Draft<T> {
        private final String name;
        private final List<MethodSpec<T>> methods = new ArrayList<>();
        private final List<PropertySpec<T>> properties = new ArrayList<>();
        private final List<SignalSpec> signals = new ArrayList<>();

        private Draft(String name) {
            this.name = name;
        }

        /** Adds a method. */
        public Draft<T> method(MethodSpec<T> method) {
            methods.add(method);
            return this;
        }

        /** Adds a property whose changes are told. */
        public Draft<T> property(String property, String type, Function<T, Object> value) {
            return property(property, type, Emits.TRUE, value);
        }

        /** Adds a property. */
        public Draft<T> property(String property, String type, Emits emits, Function<T, Object> value) {
            properties.add(new PropertySpec<>(property, type, emits, value));
            return this;
        }

        /** Adds a signal. */
        public Draft<T> signal(String signal, Argument... arguments) {
            signals.add(new SignalSpec(signal, List.of(arguments)));
            return this;
        }

        /** Completes the description. */
        public InterfaceSpec<T> build() {
            return new InterfaceSpec<>(this);
        }
    }
}
