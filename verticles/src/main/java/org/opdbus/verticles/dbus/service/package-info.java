// SPDX-License-Identifier: Apache-2.0
/**
 * Objects with interfaces, served on a message bus: what a program that calls them expects of any D-Bus service.
 *
 * <p>An interface is described once, as an {@link org.opdbus.verticles.dbus.service.InterfaceSpec}: its methods with their types
 * and who may call them, its properties and its signals. From the description come the dispatch, the check of the types, the
 * introspection XML and the answers of {@code org.freedesktop.DBus.Properties} and {@code …ObjectManager}, so that they cannot
 * differ. Objects are made when they are asked for, from the state that they show; the package keeps none.
 *
 * <p>All of it is on the event loop of the connection, except what a method's handler does elsewhere.
 */
@NullMarked
package org.opdbus.verticles.dbus.service;

import org.jspecify.annotations.NullMarked;
