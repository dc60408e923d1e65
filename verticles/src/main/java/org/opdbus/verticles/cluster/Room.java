// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

/** So many bytes of memory that several share. For use by one thread. */
final class Room {
    private final long max;
    private long taken;

    Room(long max) {
        this.max = max;
    }

    /** Takes some, or none if there are not that many. */
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
