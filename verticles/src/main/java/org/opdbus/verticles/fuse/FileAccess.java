// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.nio.charset.StandardCharsets;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.Folder;
import org.opdbus.verticles.fuse.tree.Node.SymbolicLink;
import org.opdbus.verticles.fuse.tree.Node.TextFile;
import org.opdbus.verticles.fuse.tree.WritableFile;
import org.opdbus.verticles.fuse.wire.NodeAttributes;

/**
 * Who may read the files. All of them belong to root; the kernel checks the permissions.
 *
 * @param gid the group that may read
 * @param everyone whether all users may read
 * @param writable whether root may write the files that can be written
 */
public record FileAccess(int gid, boolean everyone, boolean writable) {
    private static final int FOLDER = NodeAttributes.FOLDER | 0550;
    private static final int FILE = NodeAttributes.FILE | 0440;
    private static final int SYMBOLIC_LINK = NodeAttributes.SYMBOLIC_LINK | 0777;

    /** Returns what stat(2) shows of the node. */
    NodeAttributes attributes(Node node) {
        if (node instanceof Folder folder) {
            return attributes(node, FOLDER | (everyone ? 05 : 0), 2 + folder.folders(), 0);
        }
        if (node instanceof SymbolicLink link) {
            return attributes(node, SYMBOLIC_LINK, 1, link.target().getBytes(StandardCharsets.UTF_8).length);
        }
        int written = canWrite(node) ? 0200 : 0;
        return attributes(node, FILE | (everyone ? 04 : 0) | written, 1, ((TextFile) node).size());
    }

    boolean canWrite(Node node) {
        return writable && node instanceof WritableFile;
    }

    private NodeAttributes attributes(Node node, int mode, int links, long size) {
        return new NodeAttributes(node.id(), mode, links, size, node.modified(), 0, gid);
    }
}
