// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

/** An amount of memory, in bytes, that several users share. For use by one thread. */
final class Room {
    private final long max;
    private long taken;

    Room(long max) {
        this.max = max;
    }

    /** Takes some, or none if fewer are left. */
    boolean take(long bytes) {
        if (taken + bytes > max) {
            return false;
        }
        taken += bytes;
        return true;
    }

    void give(long bytes) {
        taken -= bytes;
    }

    long taken() {
        return taken;
    }
}
