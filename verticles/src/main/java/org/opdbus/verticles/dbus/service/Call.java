// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.List;
import java.util.Map;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/**
 * A call of a method, whose arguments have the types that the method takes.
 *
 * @param path the object
 * @param arguments the values, as the page of the package {@code wire} says
 */
public record Call(Caller caller, ObjectPath path, List<Object> arguments) {
    /** Returns an argument that is a string. */
    public String text(int index) {
        return (String) arguments.get(index);
    }

    /** Returns an argument that is a number of 32 unsigned or of 64 bits. */
    public long number(int index) {
        return (Long) arguments.get(index);
    }

    /** Returns an argument that is a dictionary. */
    public Map<?, ?> map(int index) {
        return (Map<?, ?>) arguments.get(index);
    }
}
