// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus;

import io.vertx.core.net.SocketAddress;

/**
 * How the agent gets to the bus.
 *
 * @param address the address of the bus, as the configuration has it, for messages
 * @param socket the socket of that address
 */
public record DBusOptions(String address, SocketAddress socket) {}
