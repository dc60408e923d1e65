// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * An interface of one object.
 *
 * @param subject what the object shows
 */
public record Served<T>(InterfaceSpec<T> spec, T subject) {
    /** Returns the values of all properties, by name. */
    public Map<String, Variant> values() {
        return spec.values(subject);
    }

    Optional<Variant> value(String property) {
        return spec.value(property, subject);
    }

    /** Returns a method with the object to call it on. */
    Optional<Callable<T>> method(String member) {
        return spec.method(member).map(found -> new Callable<>(spec.name(), found, subject));
    }

    /** A method of one object. */
    record Callable<T>(String interfaceName, MethodSpec<T> method, T subject) {
        Single<List<Object>> call(Call call) {
            return Single.defer(() -> method.handler().call(subject, call));
        }

        String target(Call call) {
            return method.target().of(subject, call);
        }
    }
}
