// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.Folder;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.tree.TreeChange.Added;
import org.opdbus.verticles.fuse.tree.TreeChange.Modified;
import org.opdbus.verticles.fuse.tree.TreeChange.Removed;
import org.opdbus.verticles.fuse.wire.FuseDevice;
import org.opdbus.verticles.fuse.wire.FuseMount;
import org.opdbus.verticles.fuse.wire.NodeAttributes;
import org.opdbus.verticles.fuse.wire.PrivateMount;

/**
 * Tells the kernel what has changed in the tree: it forgets what it knew, wakes readers that poll(2), and wakes watchers
 * (inotify(7)). Has one thread, which answers no requests: the kernel makes it wait while a request about the same folder is under
 * way. What the kernel does not know costs one system call.
 *
 * <p>The kernel has no notification for watchers, so the thread makes the change itself, through a {@link PrivateMount}; the
 * server answers that thread alone as if the change were made now.
 */
final class ChangeTeller {
    private static final int ATTEMPTS = 2;

    private final FuseDevice device;
    private final FuseMount mount;
    private final FileTree tree;
    private final FileAccess access;
    private final OpenFiles openFiles;
    private final ToldEntries told;
    private final MountedTree.Failures failures;
    private final PendingChanges pending = new PendingChanges();

    ChangeTeller(FuseDevice device, FuseMount mount, ShownTree shown, MountedTree.Failures failures) {
        this.device = device;
        this.mount = mount;
        this.failures = failures;
        tree = shown.tree();
        access = shown.access();
        openFiles = shown.openFiles();
        told = shown.told();
    }

    void start() {
        Thread thread = new Thread(this::run, "op-dbus-fuse-changes");
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a change that the tree shows already; never blocks. */
    void changed(TreeChange change) {
        pending.add(change);
    }

    void end() {
        pending.end();
    }

    private void run() {
        told.setThread(PrivateMount.callingThread());
        try {
            List<TreeChange> changes = pending.take();
            while (!changes.isEmpty()) {
                tellOrSay(changes);
                changes = pending.take();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the kernel was not told ends by its time. */
    private void tellOrSay(List<TreeChange> changes) {
        try {
            tell(changes);
        } catch (RuntimeException defect) {
            failures.failed("telling the kernel of " + changes.size() + " changes", defect);
        }
    }

    private void tell(List<TreeChange> changes) {
        Optional<PrivateMount> watched = PrivateMount.open(mount);
        try {
            for (TreeChange change : changes) {
                tell(change, watched);
            }
        } finally {
            watched.ifPresent(PrivateMount::close);
        }
    }

    private void tell(TreeChange change, Optional<PrivateMount> watched) {
        if (change instanceof Modified modified) {
            if (device.invalidateNode(modified.id())) {
                watched.ifPresent(through -> through.modify(modified.id()));
            }
            openFiles.changed(modified.id()).forEach(device::wake);
        } else if (change instanceof Added added) {
            if (device.invalidateNode(added.folder())) {
                tellAdded(added, watched);
            }
        } else if (change instanceof Removed removed) {
            if (device.invalidateNode(removed.folder())) {
                tellRemoved(removed, watched);
            }
            openFiles.changed(removed.id()).forEach(device::wake);
        } else {
            forget(FileTree.ROOT);
            openFiles.allChanged().forEach(device::wake);
        }
    }

    private void tellAdded(Added added, Optional<PrivateMount> watched) {
        device.invalidateEntry(added.folder(), added.name());
        Optional<Node> node = tree.node(added.id());
        if (watched.isEmpty() || node.isEmpty()) {
            return;
        }
        int type = access.attributes(node.get()).mode() & NodeAttributes.TYPE;
        told.absent();
        // A reader that has looked the entry up in between made the kernel know it already.
        for (int i = 0; i < ATTEMPTS && !watched.get().make(added.folder(), added.name(), type); i++) {
            device.invalidateEntry(added.folder(), added.name());
        }
    }

    private void tellRemoved(Removed removed, Optional<PrivateMount> watched) {
        if (watched.isPresent()) {
            int known = watched.get().type(removed.id());
            int type = known == 0 ? NodeAttributes.FILE : known;
            told.present(removed.id(), type);
            watched.get().remove(removed.folder(), removed.name(), type);
            told.absent();
        }
        device.invalidateEntry(removed.folder(), removed.name());
    }

    private void forget(long id) {
        tree.node(id).ifPresent(node -> {
            if (device.invalidateNode(id) && node instanceof Folder folder) {
                folder.forEach((name, child) -> forget(child.id()));
            }
        });
    }
}
