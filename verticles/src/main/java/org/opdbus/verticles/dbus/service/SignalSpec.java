// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.List;

/** A signal of an interface. */
public record SignalSpec(String name, List<Argument> arguments) {
    /** Copies the list. */
    public SignalSpec {
        arguments = List.copyOf(arguments);
    }

    /** Returns the types of the arguments. */
    public String signature() {
        return Argument.signature(arguments);
    }
}
