// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.List;

/**
 * An argument of a method or signal.
 *
 * @param type one complete type
 */
public record Argument(String name, String type) {
    static String signature(List<Argument> arguments) {
        StringBuilder signature = new StringBuilder();
        arguments.forEach(argument -> signature.append(argument.type()));
        return signature.toString();
    }
}
