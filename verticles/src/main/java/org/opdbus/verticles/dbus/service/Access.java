// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

/** What a caller needs for a method. */
public enum Access {
    /** Every caller may call it. It tells nothing of this host. */
    OPEN,
    /** It tells of this host: root, the readers' group, or polkit's {@code org.opdbus.query}. */
    READ,
    /** It changes this host: root, or polkit's {@code org.opdbus.apply}. */
    CHANGE,
    /** It does what root can do only: root. */
    ROOT
}
