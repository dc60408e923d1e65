// SPDX-License-Identifier: Apache-2.0
/**
 * The bus name {@code org.system.introspection}: one object for each bridge, each link and each alternative name of a link that
 * this host has at the moment. Objects are made from the inventory when they are asked for.
 */
@NullMarked
package org.opdbus.verticles.dbus.host;

import org.jspecify.annotations.NullMarked;
