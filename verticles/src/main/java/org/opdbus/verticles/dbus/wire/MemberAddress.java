// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

/** Where a method is: the program by its bus name, the object, the interface and the member. */
public record MemberAddress(String destination, ObjectPath path, String interfaceName, String member) {}
