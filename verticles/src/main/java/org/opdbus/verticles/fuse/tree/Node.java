// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.tree;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A file, a folder or a symbolic link, as it was when the tree returned it. */
public sealed interface Node {
    /** Returns its number: what {@link FileTree#node} takes, and the inode number. */
    long id();

    /** Returns when its content last changed; of a folder, when an entry last came or went. */
    Instant modified();

    /** A folder. */
    non-sealed interface Folder extends Node {
        /** Returns the entry of this name. */
        Optional<Node> child(String name);

        /** Passes on every entry, with its name. */
        void forEach(BiConsumer<String, Node> action);

        /** Returns how many of the entries are folders. */
        int folders();
    }

    /** A file. */
    non-sealed interface TextFile extends Node {
        /** Returns how many bytes the content has, without making it if possible. */
        long size();

        /** Returns the content, UTF-8; for the reader alone. */
        byte[] content();
    }

    /**
     * A symbolic link.
     *
     * @param target what it leads to, relative to the folder that it is in
     */
    record SymbolicLink(long id, Instant modified, String target) implements Node {}
}
