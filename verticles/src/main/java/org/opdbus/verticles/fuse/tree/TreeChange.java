// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.tree;

/** A change of a tree. */
public sealed interface TreeChange {
    /**
     * The content of a file, or the target of a symbolic link, is another one.
     *
     * @param folder the number of the folder that it is in
     */
    record Modified(long folder, String name, long id) implements TreeChange {}

    /** There is a new entry. */
    record Added(long folder, String name, long id) implements TreeChange {}

    /** An entry is gone, or leads to another node from now on (then {@link Added} follows). */
    record Removed(long folder, String name, long id) implements TreeChange {}

    /** Changes were lost: everything may be different. */
    record Lost() implements TreeChange {}
}
