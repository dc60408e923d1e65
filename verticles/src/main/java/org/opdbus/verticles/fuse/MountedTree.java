// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import io.reactivex.rxjava3.disposables.Disposable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.wire.FuseDevice;
import org.opdbus.verticles.fuse.wire.FuseMount;
import org.opdbus.verticles.fuse.wire.FuseServer;
import org.opdbus.verticles.fuse.wire.RequestHeader;

/** A tree that is mounted, from the mount to its end. All calls block for a short time; never call it on an event loop. */
public final class MountedTree {
    /**
     * How long the kernel keeps what it was not told to forget. It is told of each change; this ends what remains if the message
     * and a reader's question crossed, or if the kernel dropped a folder that a change was to be told of.
     */
    static final int VALID_SECONDS = 10;

    private final FuseMount mount;
    private final CompletableFuture<Optional<String>> ended;

    private MountedTree(FuseMount mount, CompletableFuture<Optional<String>> ended) {
        this.mount = mount;
        this.ended = ended;
    }

    /** Hears of defects of the tree. */
    public interface Failures {
        /** Reading failed with what is a defect; the reader got EIO. May be called by several threads. */
        void failed(String what, RuntimeException cause);
    }

    /**
     * Mounts a tree.
     *
     * @param path an empty folder, absolute and without symbolic links
     * @throws IOException with a remedy; then nothing is mounted
     */
    public static MountedTree mount(FileTree tree, Path path, FileAccess access, Failures failures) throws IOException {
        FuseDevice device = FuseDevice.open();
        FuseMount mount;
        try {
            mount = FuseMount.mount(device, path, access.writable());
        } catch (IOException failed) {
            device.close();
            throw failed;
        }
        ShownTree shown = new ShownTree(tree, access, new OpenFiles(), new ToldEntries());
        FuseServer server = new FuseServer(device, new TreeOperations(shown), settings(access, failures));
        ChangeTeller teller = new ChangeTeller(device, mount, shown, failures);
        Disposable changes = tree.changes().subscribe(teller::changed);
        teller.start();
        server.start();
        CompletableFuture<Optional<String>> ended = server.ended().whenComplete((failure, none) -> {
            changes.dispose();
            teller.end();
        });
        return new MountedTree(mount, ended);
    }

    private static FuseServer.Settings settings(FileAccess access, Failures failures) {
        return new FuseServer.Settings() {
            @Override
            public int validSeconds() {
                return VALID_SECONDS;
            }

            @Override
            public boolean writable() {
                return access.writable();
            }

            @Override
            public void failed(RequestHeader request, RuntimeException cause) {
                failures.failed("request " + request.opcode() + " about file " + request.node(), cause);
            }
        };
    }

    /** Completes when the connection to the kernel has ended, with what is to be said if it did not end in order. */
    public CompletableFuture<Optional<String>> ended() {
        return ended.copy();
    }

    /** Returns whether users of the folder see this mount, be it alive or not. */
    public boolean isVisible() throws IOException {
        return mount.isVisible();
    }

    /** Unmounts, even if files are open; what is open fails from then on. Returns whether the mount is gone. */
    public boolean unmount() throws IOException {
        return mount.unmount();
    }
}
