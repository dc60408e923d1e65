// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.opdbus.verticles.fuse.tree.Node;

/**
 * A folder whose entries are found by name.
 *
 * @param names the names of all entries; a name that has no entry is left out
 * @param entry finds one; it must know every name of a file in advance, because it is asked for any
 */
record ListedFolder(
        long id,
        Instant modified,
        int folders,
        Supplier<Collection<String>> names,
        Function<String, Optional<? extends Node>> entry)
        implements Node.Folder {
    @Override
    public Optional<Node> child(String name) {
        return entry.apply(name).map(Function.identity());
    }

    @Override
    public void forEach(BiConsumer<String, Node> action) {
        names.get().forEach(name -> entry.apply(name).ifPresent(node -> action.accept(name, node)));
    }
}
