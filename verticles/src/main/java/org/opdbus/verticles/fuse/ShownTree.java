// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import org.opdbus.verticles.fuse.tree.FileTree;

/**
 * A tree as one mount shows it.
 *
 * @param access who may do what
 * @param openFiles what is open
 * @param told what the thread that tells watchers is doing
 */
record ShownTree(FileTree tree, FileAccess access, OpenFiles openFiles, ToldEntries told) {}
