// SPDX-License-Identifier: Apache-2.0
/**
 * The bus name {@code dev.ovs.PortAgent1}, for programs written for the port agent that served it before. Every method of its two
 * versions is there, under its PascalCase name and its snake_case one. A method whose work this agent does not do answers {@code
 * NotSupported} and says what to use.
 */
@NullMarked
package org.opdbus.verticles.dbus.portagent;

import org.jspecify.annotations.NullMarked;
