// SPDX-License-Identifier: Apache-2.0
/**
 * D-Bus: the agent as programs on the system bus see it. Each bus name is a {@linkplain
 * org.opdbus.verticles.dbus.service.Face face} in a package of its own; all are on one connection.
 *
 * <p>The room reads the inventory, asks the {@linkplain org.opdbus.verticles.dbus.work rest of the agent} for changes, and
 * keeps no state but that of its callers. Without a bus, with a bus that restarts, or with a name that another program owns,
 * everything else works.
 */
@NullMarked
package org.opdbus.verticles.dbus;

import org.jspecify.annotations.NullMarked;
