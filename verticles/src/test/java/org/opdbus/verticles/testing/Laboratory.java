// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

/** Keeps tests that make links, switches, mounts or containers from changing the host on which they run. */
public final class Laboratory {
    private Laboratory() {}

    /** Fails unless this process runs in namespaces of its own. */
    public static void require() {
        if (!"inside".equals(System.getenv("OP_DBUS_LAB"))) {
            throw new AssertionError("this changes links, mounts or containers: run it with deploy/lab/enter");
        }
    }
}
