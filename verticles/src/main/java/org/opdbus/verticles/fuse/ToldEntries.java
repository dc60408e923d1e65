// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.time.Instant;
import java.util.Optional;
import org.opdbus.verticles.fuse.wire.FileError;
import org.opdbus.verticles.fuse.wire.NodeAttributes;
import org.opdbus.verticles.fuse.wire.RequestHeader;

/**
 * The present work of the thread that tells watchers of changes ({@link ChangeTeller}). That thread makes an entry that the tree
 * already has, or removes one that the tree no longer has; the threads that answer its requests read here which.
 */
final class ToldEntries {
    private volatile int thread = -1;
    private volatile Optional<NodeAttributes> removed = Optional.empty();

    /** Sets which thread tells; only this one may. */
    void setThread(int number) {
        thread = number;
    }

    boolean isTeller(RequestHeader request) {
        return request.pid() == thread;
    }

    /** The entry that the teller asks for is there, as one of this type with this number, until {@link #absent}. */
    void present(long id, int type) {
        removed = Optional.of(new NodeAttributes(id, type, 1, 0, Instant.EPOCH, 0, 0));
    }

    /** The entry that the teller asks for is not there, so that it can make it. */
    void absent() {
        removed = Optional.empty();
    }

    NodeAttributes lookup() throws FileError {
        return removed.orElseThrow(() -> new FileError(FileError.ENOENT));
    }
}
