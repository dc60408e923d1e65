// SPDX-License-Identifier: Apache-2.0
/**
 * The wire protocol of D-Bus: values, messages and one connection to a message bus. It knows nothing of what is served.
 *
 * <p>Source: <a href="https://dbus.freedesktop.org/doc/dbus-specification.html">D-Bus Specification 0.43</a>, whose sections
 * the classes name. Every length that another program writes is checked before anything of that length is made.
 *
 * <p>Values are plain Java objects:
 *
 * <pre>
 * y Byte     n Short    i Integer   x Long    d Double   s String       g String (a signature)
 * b Boolean  q Integer  u Long      t Long    h Integer  o ObjectPath   v Variant
 * a… List    a{…} Map   (…) List
 * </pre>
 *
 * <p>An unsigned 64-bit number is a Long with the same bits.
 */
@NullMarked
package org.opdbus.verticles.dbus.wire;

import org.jspecify.annotations.NullMarked;
