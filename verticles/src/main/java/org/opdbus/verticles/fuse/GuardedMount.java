// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.kernel.UserGroups;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mount and the process that removes it if this one is killed. */
final class GuardedMount {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedMount.class);

    private final MountedTree tree;
    private final MountGuard guard;

    private GuardedMount(MountedTree tree, MountGuard guard) {
        this.tree = tree;
        this.guard = guard;
    }

    /**
     * Mounts the tree; first removes what a killed server has left there.
     *
     * @throws IOException with a remedy
     */
    static GuardedMount mount(FileTree tree, MountOptions options) throws IOException {
        Path place = MountPlace.prepare(options.folder());
        FileAccess access = access(options);
        MountGuard guard = MountGuard.start(place);
        try {
            return new GuardedMount(MountedTree.mount(tree, place, access, GuardedMount::failed), guard);
        } catch (IOException | RuntimeException failed) {
            guard.close();
            throw failed;
        }
    }

    /** Looks the group up, which may take as long as the name service takes. Without it root alone may read. */
    private static FileAccess access(MountOptions options) {
        if (options.readers().equals(MountOptions.EVERYONE)) {
            return new FileAccess(0, true, options.writable());
        }
        try {
            OptionalLong number = UserGroups.numberOf(options.readers());
            if (number.isEmpty()) {
                LOG.info("fuse=no-readers reason=\"there is no group {}\"", options.readers());
            }
            return new FileAccess((int) number.orElse(0), false, options.writable());
        } catch (IOException e) {
            LOG.warn("fuse=no-readers reason=\"{}\"", e.getMessage());
            return new FileAccess(0, false, options.writable());
        }
    }

    /** A defect of the tree; the reader has got EIO. */
    private static void failed(String what, RuntimeException cause) {
        LOG.error("fuse=defect: {}", what, cause);
    }

    /** Completes when the connection to the kernel has ended. */
    CompletableFuture<Optional<String>> ended() {
        return tree.ended();
    }

    /** Returns what is to be said about an end that was no unmount and no abort. */
    Optional<String> failure() {
        return tree.ended().getNow(Optional.empty());
    }

    /** Unmounts; returns whether users of the folder saw this mount until now. */
    boolean close() throws IOException {
        boolean visible = tree.isVisible();
        if (tree.unmount()) {
            guard.close();
        }
        return visible;
    }
}
