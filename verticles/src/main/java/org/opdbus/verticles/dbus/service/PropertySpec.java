// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.function.Function;

/**
 * A property of an interface. It can only be read.
 *
 * @param <T> what the object shows
 * @param type one complete type
 * @param emits whether {@code PropertiesChanged} tells a change of it
 * @param value reads it; must not block
 */
public record PropertySpec<T>(String name, String type, Emits emits, Function<T, Object> value) {
    /** What a caller may keep (section "org.freedesktop.DBus.Property.EmitsChangedSignal"). */
    public enum Emits {
        /** The signal has the new value. */
        TRUE,
        /** There is no signal. */
        FALSE,
        /** The value never changes. */
        CONST
    }
}
