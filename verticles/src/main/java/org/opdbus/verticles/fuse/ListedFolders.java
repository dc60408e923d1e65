// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.opdbus.verticles.fuse.tree.Node.Folder;

/**
 * Which folders the kernel has listed lately, with the attributes of every entry. It can list them again from its own memory: what
 * changed meanwhile it was told to forget. Limited in number. Thread-safe.
 */
final class ListedFolders {
    private static final int COUNT_MAX = 8_192;
    /** Half of the time for which the kernel keeps attributes, so that none ends while a reader goes through the list. */
    private static final long FRESH_NANOS = MountedTree.VALID_SECONDS * 1_000_000_000L / 2;

    private final LongSupplier nanos;
    private final Map<Long, Listing> listings = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Listing> eldest) {
            return size() > COUNT_MAX;
        }
    };

    private record Listing(Instant modified, long begun) {}

    ListedFolders(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Notes that the kernel has the whole list, which it began to ask for at this time. */
    synchronized void listed(Folder folder, long begun) {
        listings.remove(folder.id());
        listings.put(folder.id(), new Listing(folder.modified(), begun));
    }

    /** Returns whether the kernel's list of the folder is as good as a new one. */
    synchronized boolean isFresh(Folder folder) {
        Listing listing = listings.get(folder.id());
        return listing != null
                && listing.modified().equals(folder.modified())
                && nanos.getAsLong() - listing.begun() < FRESH_NANOS;
    }

    long now() {
        return nanos.getAsLong();
    }
}
